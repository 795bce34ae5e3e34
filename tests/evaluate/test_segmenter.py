"""The built-in segmentation model: its encoder, its views of pictures, that it learns."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet

from scenegen.evaluate.utility.encoder import STAGES, Encoder, weights_path


def test_the_encoder_equals_the_makers_network():
    # At 225 px every strided layer's padding is the same on both sides, as the encoder's is.
    makers = EfficientNet.from_name("efficientnet-lite0", image_size=225)
    makers.load_state_dict(torch.load(weights_path(), weights_only=True))
    makers.eval()
    images = torch.from_numpy(
        np.random.default_rng(0).uniform(0, 255, (1, 3, 225, 225)).astype(np.float32)
    )
    with torch.no_grad():
        x = torch.clamp(makers._bn0(makers._conv_stem((images - 127) / 128)), 0, 6)
        theirs = []
        for block in makers._blocks:
            x = block(x)
            theirs.append(x)
        ours = Encoder()(images)
    for found, (stride, end, channels) in zip(ours, STAGES, strict=True):
        assert found.shape[1:] == (channels, -(-225 // stride), -(-225 // stride))
        assert torch.allclose(found, theirs[end - 1], atol=1e-3)


def test_the_first_blocks_stay_as_they_are():
    encoder = Encoder(frozen=2)
    trained = [any(p.requires_grad for p in block.parameters()) for block in encoder.blocks]
    assert trained == [False] * 2 + [True] * 14
    assert not any(p.requires_grad for p in encoder.stem.parameters())
