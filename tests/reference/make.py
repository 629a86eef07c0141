"""Makes the reference numbers of tests/reference.rs: small networks in PyTorch, one JSON file per norm.

Run it as `python tests/reference/make.py`; it writes beside itself and needs torch and numpy alone. Weights and data
come from a formula of integers (`number`, the same in tests/twin/draw.rs) whose results are exact in float32, so both
sides start from the very same numbers and the files hold results only. float32 numbers are written with 9 digits,
which is all of them; float64 with 13. One thread, no randomness: the same torch writes the same files.
"""

import json
import pathlib

import numpy
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

NORMS = ["none", "batch", "layer", "rms", "group", "dyt"]
RULES = ["sgd", "momentum", "nesterov", "adam"]
LEARNING_RATES = {"sgd": 0.1, "momentum": 0.01, "nesterov": 0.01, "adam": 0.01}
ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "linear"]
INPUTS, HIDDEN, CLASSES = 3, [10, 10, 10], 3
BATCH, EXAMPLES, STEPS = 8, 40, 60
EPS, STAT_MOMENTUM = 1e-5, 0.1
DATA_STREAM, LABEL_STREAM, PARAMETER_STREAM = 1, 2, 1000


def number(stream, index):
    """Number `index` of a stream: a multiple of 2^-15 in [-1, 1)."""
    mask = 0xFFFFFFFF
    h = (stream * 0x9E3779B1 + index * 0x85EBCA6B + 12345) & mask
    h ^= h >> 15
    h = (h * 0x2C1B3C6D) & mask
    h ^= h >> 12
    h = (h * 0x297A2D39) & mask
    h ^= h >> 15
    return (h >> 16) / 32768.0 - 1.0


def numbers(stream, count):
    return numpy.array([number(stream, i) for i in range(count)])


def weight_spread(inputs):
    """The largest power of two s with s^2 / 3 <= 2 / inputs."""
    spread = 2.0
    while spread * spread * inputs > 6.0:
        spread /= 2.0
    return spread


def groups_of(width):
    return max(g for g in range(1, 5) if width % g == 0)


class RmsWithShift(torch.nn.Module):
    """torch's RMSNorm and a beta."""

    def __init__(self, width, affine):
        super().__init__()
        self.norm = torch.nn.RMSNorm(width, eps=EPS, elementwise_affine=affine)
        self.bias = torch.nn.Parameter(torch.zeros(width)) if affine else None
        self.weight = self.norm.weight

    def forward(self, x):
        y = self.norm(x)
        return y if self.bias is None else y + self.bias


class DynamicTanh(torch.nn.Module):
    def __init__(self, width, affine):
        super().__init__()
        self.alpha = torch.nn.Parameter(torch.full((1,), 0.5))
        self.weight = torch.nn.Parameter(torch.ones(width)) if affine else None
        self.bias = torch.nn.Parameter(torch.zeros(width)) if affine else None

    def forward(self, x):
        y = torch.tanh(self.alpha * x)
        return y if self.weight is None else self.weight * y + self.bias


def make_norm(kind, width, affine):
    match kind:
        case "none":
            return torch.nn.Identity()
        case "batch":
            return torch.nn.BatchNorm1d(width, eps=EPS, momentum=STAT_MOMENTUM, affine=affine)
        case "layer":
            return torch.nn.LayerNorm(width, eps=EPS, elementwise_affine=affine)
        case "rms":
            return RmsWithShift(width, affine)
        case "group":
            return torch.nn.GroupNorm(groups_of(width), width, eps=EPS, affine=affine)
        case "dyt":
            return DynamicTanh(width, affine)


def activate(kind, x):
    match kind:
        case "sigmoid":
            return torch.sigmoid(x)
        case "tanh":
            return torch.tanh(x)
        case "relu":
            return F.relu(x)
        case "leaky_relu":
            return F.leaky_relu(x, 0.01)
        case "gelu":
            return F.gelu(x, approximate="none")
        case "linear":
            return x


class Network(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        self.case = case
        widths = [INPUTS, *HIDDEN, CLASSES]
        last = len(HIDDEN)
        self.linears, self.norms = torch.nn.ModuleList(), torch.nn.ModuleList()
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            bias = layer == last or not (case["norm"] == "batch" and case["place"] == "before")
            self.linears.append(torch.nn.Linear(inputs, outputs, bias=bias))
            if layer < last:
                self.norms.append(make_norm(case["norm"], outputs, case["affine"]))

    def forward(self, x):
        for linear, norm in zip(self.linears, self.norms):
            z = linear(x)
            if self.case["place"] == "before":
                x = activate(self.case["activation"], norm(z))
            else:
                x = norm(activate(self.case["activation"], z))
        return self.linears[-1](x)

    def named(self):
        """Our names for its parameters."""
        found = {}
        for layer, linear in enumerate(self.linears):
            found[f"{layer}.weight"] = linear.weight
            found[f"{layer}.bias"] = linear.bias
        for layer, norm in enumerate(self.norms):
            found[f"{layer}.gamma"] = getattr(norm, "weight", None)
            found[f"{layer}.beta"] = getattr(norm, "bias", None)
            found[f"{layer}.alpha"] = getattr(norm, "alpha", None)
        return {name: p for name, p in found.items() if p is not None}

    def fill(self, stream):
        """The formula of tests/twin/draw.rs."""
        widths = [INPUTS, *HIDDEN]
        for name, parameter in self.named().items():
            layer, kind = int(name.split(".")[0]), name.split(".")[1]
            centre, spread, index = {
                "weight": (0.0, weight_spread(widths[layer]), 0),
                "bias": (0.0, 0.25, 1),
                "gamma": (1.0, 0.25, 2),
                "beta": (0.0, 0.25, 3),
                "alpha": (0.5, 0.125, 4),
            }[kind]
            values = centre + spread * numbers(stream + 8 * layer + index, parameter.numel())
            with torch.no_grad():
                parameter.copy_(torch.tensor(values).reshape(parameter.shape))


def make_optimizer(case, parameters):
    options = {"lr": case["learning_rate"], "weight_decay": case["weight_decay"]}
    match case["rule"]:
        case "sgd":
            return torch.optim.SGD(parameters, **options)
        case "momentum":
            return torch.optim.SGD(parameters, momentum=0.9, **options)
        case "nesterov":
            return torch.optim.SGD(parameters, momentum=0.9, nesterov=True, **options)
        case "adam":
            return torch.optim.Adam(parameters, **options)


def run(case, dtype):
    torch.set_default_dtype(dtype)
    network = Network(case)
    network.fill(PARAMETER_STREAM)
    x = torch.tensor(numbers(DATA_STREAM, EXAMPLES * INPUTS).reshape(EXAMPLES, INPUTS), dtype=dtype)
    y = torch.tensor(((numbers(LABEL_STREAM, EXAMPLES) + 1.0) / 2.0 * CLASSES).astype(numpy.int64))
    optimizer = make_optimizer(case, network.parameters())
    result = {"losses": []}
    for step in range(STEPS):
        rows = [(step * BATCH + i) % EXAMPLES for i in range(BATCH)]
        batch = x[rows].clone().requires_grad_(True)
        logits = network(batch)
        loss = F.cross_entropy(logits, y[rows])
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            result["logits"] = flat(logits)
            result["gradients"] = {name: flat(p.grad) for name, p in sorted(network.named().items())}
            result["d_x"] = flat(batch.grad)
        result["losses"].append(loss.item())
        optimizer.step()
    running = {}
    if case["norm"] == "batch":
        for layer, norm in enumerate(network.norms):
            running[f"{layer}.running_mean"] = flat(norm.running_mean)
            running[f"{layer}.running_variance"] = flat(norm.running_var)
    result["running"] = running
    network.eval()
    result["eval_logits"] = flat(network(x[:BATCH]))
    return tidy(result, 9 if dtype == torch.float32 else 13)


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def tidy(value, digits):
    """Every number to so many significant digits."""
    if isinstance(value, dict):
        return {name: tidy(v, digits) for name, v in value.items()}
    if isinstance(value, list):
        return [tidy(v, digits) for v in value]
    return float(f"{value:.{digits}g}")


def cases_of(norm):
    """Every optimiser; activation, place, affine and weight decay change along with it."""
    n = NORMS.index(norm)
    for r, rule in enumerate(RULES):
        yield {
            "norm": norm,
            "rule": rule,
            "activation": ACTIVATIONS[(n + 2 * r + r // 3) % len(ACTIVATIONS)],
            "place": "after" if rule == "momentum" else "before",
            "affine": rule != "nesterov",
            "weight_decay": 0.01 if (n + r) % 2 == 1 else 0.0,
            "learning_rate": LEARNING_RATES[rule],
        }


def main():
    here = pathlib.Path(__file__).parent
    settings = {
        "inputs": INPUTS, "hidden": HIDDEN, "classes": CLASSES, "batch": BATCH, "examples": EXAMPLES,
        "steps": STEPS, "eps": EPS, "stat_momentum": STAT_MOMENTUM, "data_stream": DATA_STREAM,
        "label_stream": LABEL_STREAM, "parameter_stream": PARAMETER_STREAM,
    }
    made_by = f"make.py with torch {torch.__version__.split('+')[0]}, numpy {numpy.__version__}"
    for norm in NORMS:
        cases = []
        for case in cases_of(norm):
            cases.append({**case, "float32": run(case, torch.float32), "float64": run(case, torch.float64)})
        content = {"made_by": made_by, "settings": settings, "cases": cases}
        text = json.dumps(content, separators=(",", ":")).replace('{"norm"', '\n{"norm"')
        (here / f"{norm}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
