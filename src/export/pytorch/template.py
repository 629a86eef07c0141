#!/usr/bin/env python3
"""One run of BatchNorm Playground @VERSION@, repeated in PyTorch. Needs Python, numpy and torch, nothing else.

@ABOUT@

What it prints, in this order; a line that starts with # is a remark:

    check ARM STEP ERROR   our loss, every gradient and the running statistics at that step against PyTorch's
    ARM STEP LOSS          PyTorch's own run: loss of the step's mini-batch, before the update

A check starts from the playground's own parameters at that step. PyTorch computes in float64, the playground
in float32. ERROR is the largest over all tensors (the loss is one) of

    max |ours - PyTorch's| / max |PyTorch's|

Some gradients are 0 but for rounding: that of a bias whose shift a mean removes, or nearly all below a batch
norm of two examples. There the quotient would compare noise with noise. So the divisor is never less than
30,000 times the noise, nor than 1e-20. The noise of a layer is the largest distance, in it or the layer above,
between PyTorch's float64 results and its own float32 ones, as they are and with parameters and logits'
gradients moved by their last bit.

Checks hold for any network. Losses agree for long only where rounding is not amplified: a deep network with
batch norm is chaotic, and any two correct programs part ways after some steps.

The settings, with their keys in the share link (#@LINK@):

@SETTINGS@
"""

import base64
import functools
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)  # the matrices are small

STEPS = @STEPS@
FEATURES, HIDDEN_LAYERS, WIDTH, CLASSES = @SHAPE@
EXAMPLES, BATCH = @EXAMPLES@
SEED = @SEED@
RATE = @RATE@
RATE_CHANGES = @RATE_CHANGES@  # step: learning rate from then on
HIDDEN_RATE = @HIDDEN_RATE@  # of the hidden weights, if they have their own
ARMS = ["without", "with"]


# The networks.

@NORM_CLASS@
def norm():
    return @NORM@


def activation():
    return @ACTIVATION@


def network(arm):
    """@BLOCK_DOC@"""
    layers = []
    for k in range(HIDDEN_LAYERS):
        inputs = WIDTH if k > 0 else FEATURES
        if arm == "with":
            @BLOCK_WITH@
        else:
            layers += [nn.Linear(inputs, WIDTH), activation()]
    return nn.Sequential(*layers, nn.Linear(WIDTH, CLASSES))


def cross_entropy(logits, labels):
    # In float64: in float32 the loss and gradient of an example that is fitted well are multiples of 6e-8.
    return F.cross_entropy(logits.double(), labels)


def unpack(text, kind="<f4"):
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), kind).copy())


def load(model, numbers):
    """Fills a network with numbers recorded in the playground: parameters, then running statistics."""
    statistics = [s for m in model if isinstance(m, nn.BatchNorm1d) for s in (m.running_mean, m.running_var)]
    with torch.no_grad():
        for tensor in [*model.parameters(), *statistics]:
            part, numbers = numbers[: tensor.numel()], numbers[tensor.numel() :]
            tensor.copy_(part.view_as(tensor))
    assert len(numbers) == 0, "more numbers than parameters"
    return statistics


# The mini-batches: the examples are shuffled in each epoch, the last partial batch is dropped.

MASK = 2**64 - 1


def mix(z):
    """SplitMix64's finaliser."""
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
    return z ^ z >> 31


def pcg32(seed, stream):
    """PCG32's 32-bit numbers (O'Neill 2014)."""
    state, increment = 0, (stream << 1 | 1) & MASK
    for start in [0, mix(seed ^ stream)]:
        state = ((state + start) * 6364136223846793005 + increment) & MASK
    while True:
        bits, turn = ((state >> 18 ^ state) >> 27) & 0xFFFFFFFF, state >> 59
        state = (state * 6364136223846793005 + increment) & MASK
        yield (bits >> turn | bits << (32 - turn)) & 0xFFFFFFFF


@functools.lru_cache(maxsize=4)
def shuffled(epoch):
    """The order of the examples: Fisher and Yates's shuffle with Lemire's unbiased draws."""
    numbers, order = pcg32(SEED, mix(mix(3) ^ epoch)), list(range(EXAMPLES))
    for last in range(EXAMPLES - 1, 0, -1):
        bound = last + 1
        product = next(numbers) * bound
        while product & 0xFFFFFFFF < (2**32 - bound) % bound:
            product = next(numbers) * bound
        other = product >> 32
        order[last], order[other] = order[other], order[last]
    return order


def batch(step):
    epoch, place = divmod(step, EXAMPLES // BATCH)
    rows = shuffled(epoch)[place * BATCH : (place + 1) * BATCH]
    return TRAIN_X[rows], TRAIN_Y[rows]


# The checks.

@SIDES@
def moved(tensor, last_bit):
    """By up to so much of its last bit, some numbers up, some down."""
    return tensor * (1 + last_bit * 2.0**-23 * (2 * torch.rand_like(tensor) - 1))


def results(model, numbers, x, y, last_bit=0):
    """From recorded numbers: one step's loss, its gradients, and the running statistics after it, as float64."""
    statistics = load(model, moved(numbers, last_bit))
    logits = model(x)
    logits.register_hook(lambda gradient: moved(gradient, last_bit))
    loss = cross_entropy(logits, y)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    return [tensor.detach().double() for tensor in (loss, *gradients, *statistics)]


def layers(model):
    """Which layer each tensor of `results` belongs to; loss and statistics count as layers of their own."""
    layer, names = -1, ["loss"]
    for module in model:
        layer += isinstance(module, nn.Linear)
        names += [layer for _ in module.parameters()]
    norms = [m for m in model if isinstance(m, nn.BatchNorm1d)]
    return names + [("statistics", k) for k in range(len(norms)) for _ in ("mean", "variance")]


def check(arm, step):
    """The largest error at a step, see the top, and of how many tensors noise is the measure."""
    torch.manual_seed(step)
    x, y = batch(step)
    model, numbers = network(arm), unpack(STATE[arm, step])@HOLD_SIDES@
    exact = results(model.double(), numbers.double(), x.double(), y)
    noise = dict.fromkeys(layers(model), 0.0)
    for last_bit in [0, 1, 1, 1]:
        rounded = results(model.float(), numbers, x, y, last_bit)
        for layer, theirs, float32 in zip(layers(model), exact, rounded):
            noise[layer] = max(noise[layer], (float32 - theirs).abs().max().item())
    for layer in range(HIDDEN_LAYERS):  # what is rounded in one layer passes on to the one below
        noise[layer] = max(noise[layer], noise[layer + 1])

    errors, noisy, ours = [], [], unpack(RESULT[arm, step]).double()
    for layer, theirs in zip(layers(model), exact):
        part, ours = ours[: theirs.numel()].view_as(theirs), ours[theirs.numel() :]
        largest, floor = theirs.abs().max().item(), max(3e4 * noise[layer], 1e-20)
        errors.append((part - theirs).abs().max().item() / max(largest, floor))
        noisy.append(largest < floor)
    assert len(ours) == 0, "more numbers than results"
    return max(errors), sum(noisy), len(noisy)


# The run.

def optimizer(arm, model):
    """The first group of parameters follows RATE and its changes, the second has the hidden weights' own rate."""
    own = []
    if HIDDEN_RATE is not None:
        hidden = [m for m in model[:-1] if isinstance(m, nn.Linear)]
        own = [m.weight for m in hidden]
        if @OWN_BIAS@:  # a bias without a norm in its layer goes with its weights
            own += [m.bias for m in hidden]
    chosen = {id(p) for p in own}
    groups = [{"params": [p for p in model.parameters() if id(p) not in chosen], "lr": RATE}]
    if own:
        groups.append({"params": own, "lr": HIDDEN_RATE})
    return @OPTIMIZER@


def main():
    for arm, step in RESULT:
        error, noisy, tensors = check(arm, step)
        print("check", arm, step, f"{error:.2e}", flush=True)
        if noisy > 0:
            print(f"# {arm}: at step {step}, {noisy} of {tensors} tensors were measured by their noise")
@REMARKS@
    models = {arm: network(arm) for arm in ARMS}
    for arm, model in models.items():
        load(model, unpack(STATE[arm, 0]))
    optimizers = {arm: optimizer(arm, model) for arm, model in models.items()}
    for step in range(STEPS):
        x, y = batch(step)
        for arm, model in list(models.items()):
            loss = cross_entropy(model(x), y)
            if not math.isfinite(loss.item()):
                print(f"# {arm}: the loss at step {step} is not finite, so this arm stops here")
                del models[arm]
                continue
            print(arm, step, f"{loss.item():.9g}")
            if step in RATE_CHANGES:
                optimizers[arm].param_groups[0]["lr"] = RATE_CHANGES[step]
            optimizers[arm].zero_grad()
            loss.backward()
            optimizers[arm].step()


# The training set, and what was recorded in the playground, as base64.

TRAIN_X = @TRAIN_X@
TRAIN_Y = unpack("""
@TRAIN_Y@""", "u1").long()

STATE, RESULT = {}, {}
@RECORDS@
if __name__ == "__main__":
    main()
