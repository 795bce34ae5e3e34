"""The network: from two pictures and two speeds to steering and pedals."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from scenegen.drive.agents.camera.eye import HEIGHT, WIDTH
from scenegen.errors import InputError

STEER_SHARE = 0.05
"""Steering is told in parts of this share of the greatest angle: on roads it is rarely more."""
_CHANNELS = (6, 24, 32, 48, 64)
_KERNELS = (5, 5, 3, 3)
_GRID = (5, 8)
"""What is left of 72 x 120 pixels by four halvings."""


class Driver(nn.Module):  # type: ignore[misc]
    """Four convolutions that halve the picture, and three layers on all that is left of it."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for k, kernel in enumerate(_KERNELS):
            convolution = nn.Conv2d(_CHANNELS[k], _CHANNELS[k + 1], kernel, 2, kernel // 2)
            layers += [convolution, nn.ReLU()]
        self.see = nn.Sequential(*layers, nn.Flatten())
        seen = _CHANNELS[-1] * _GRID[0] * _GRID[1]
        self.decide = nn.Sequential(
            nn.Linear(seen + 2, 96), nn.ReLU(), nn.Linear(96, 32), nn.ReLU(), nn.Linear(32, 2)
        )

    def forward(self, pictures: Tensor, speeds: Tensor) -> Tensor:
        """Return steering (parts of `STEER_SHARE`) and pedal (N, 2).

        Parameters
        ----------
        pictures : Tensor, shape (N, 6, HEIGHT, WIDTH), uint8
        speeds : Tensor, shape (N, 2), float32
        """
        assert pictures.shape[2:] == (HEIGHT, WIDTH)
        seen = self.see(pictures.float() / 127.5 - 1.0)
        decided: Tensor = self.decide(torch.cat([seen, speeds], dim=1))
        return decided


def write_driver(path: Path, driver: Driver, notes: dict[str, str]) -> None:
    """Write the weights, in half precision."""
    half = {name: tensor.half().contiguous() for name, tensor in driver.state_dict().items()}
    save_file(half, path, metadata=notes)


def read_driver(path: Path) -> Driver:
    """Return a network with its weights.

    Raises
    ------
    InputError
        The file is missing, or of another network.
    """
    driver = Driver()
    try:
        stored = {name: tensor.float() for name, tensor in load_file(path).items()}
        driver.load_state_dict(stored)
    except Exception as error:  # safetensors raises its own, torch RuntimeError
        raise InputError(f"{path}: no weights of the camera agent ({error})") from error
    driver.eval()
    return driver
