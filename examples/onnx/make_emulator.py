"""Writes a small network that emulates distance moduli, and its own predictions for comparison.

    python3 make_emulator.py FOLDER

The network has one hidden layer with fixed random weights and an output layer that is fitted by least squares: an
emulator of the moduli of five redshifts as a function of omega_m and w. Needs numpy and onnx; a real emulator is
exported by the framework that trained it, for instance by torch.onnx.export.

emulator.onnx  one input, (omega_m, w) as a matrix; outputs moduli (5) and log_likelihood
named.onnx     the same with an input for each parameter
expected.txt   omega_m, w, five moduli and log_likelihood on a grid of 31 x 21 points, computed by numpy
"""
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

REDSHIFTS = np.array([0.05, 0.2, 0.5, 0.8, 1.0])
HIDDEN = 64
OBSERVED = np.array([36.7, 39.9, 42.3, 43.5, 44.1])


def moduli(omega_m, w):
    z = np.linspace(0, 1, 2001)
    inverse = 1 / np.sqrt(omega_m * (1 + z) ** 3 + (1 - omega_m) * (1 + z) ** (3 * (1 + w)))
    distance = np.concatenate([[0], np.cumsum((inverse[1:] + inverse[:-1]) / 2 * np.diff(z))])
    return 5 * np.log10((1 + REDSHIFTS) * 4282.7494 * np.interp(REDSHIFTS, z, distance)) + 25


def train():
    rng = np.random.default_rng(7)
    theta = rng.uniform([0.1, -1.6], [0.6, -0.5], size=(2000, 2))
    weights, bias = rng.normal(0, 1.5, (2, HIDDEN)), rng.normal(0, 1, HIDDEN)
    hidden = np.tanh(theta @ weights + bias)
    design = np.column_stack([hidden, np.ones(len(hidden))])
    solution = np.linalg.lstsq(design, np.array([moduli(*t) for t in theta]), rcond=None)[0]
    return weights, bias, solution[:-1], solution[-1]


def predict(theta, weights, bias, out_weights, out_bias):
    values = np.tanh(theta @ weights + bias) @ out_weights + out_bias
    return values, -0.5 * np.sum(((values - OBSERVED) / 0.1) ** 2, axis=1)


def write(path, network, named):
    weights, bias, out_weights, out_bias = network
    constants = dict(weights=weights, bias=bias, out_weights=out_weights, out_bias=out_bias, observed=OBSERVED,
                     scale=np.array(-50.0))
    nodes = [
        helper.make_node("MatMul", ["theta", "weights"], ["a"]),
        helper.make_node("Add", ["a", "bias"], ["b"]),
        helper.make_node("Tanh", ["b"], ["c"]),
        helper.make_node("MatMul", ["c", "out_weights"], ["d"]),
        helper.make_node("Add", ["d", "out_bias"], ["moduli"]),
        helper.make_node("Sub", ["moduli", "observed"], ["e"]),
        helper.make_node("Mul", ["e", "e"], ["f"]),
        helper.make_node("ReduceSum", ["f", "axis"], ["g"], keepdims=0),
        helper.make_node("Mul", ["g", "scale"], ["log_likelihood"]),
    ]
    double = TensorProto.DOUBLE
    if named:
        inputs = [helper.make_tensor_value_info(name, double, ["points", 1]) for name in ("omega_m", "w")]
        nodes.insert(0, helper.make_node("Concat", ["omega_m", "w"], ["theta"], axis=1))
    else:
        inputs = [helper.make_tensor_value_info("theta", double, ["points", 2])]
    outputs = [
        helper.make_tensor_value_info("moduli", double, ["points", len(REDSHIFTS)]),
        helper.make_tensor_value_info("log_likelihood", double, ["points"]),
    ]
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    initializers.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "axis"))
    graph = helper.make_graph(nodes, "emulator", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    save(model, path)


def main(folder):
    network = train()
    write(folder + "/emulator.onnx", network, named=False)
    write(folder + "/named.onnx", network, named=True)
    theta = np.array([(om, w) for om in np.linspace(0.1, 0.6, 31) for w in np.linspace(-1.5, -0.5, 21)])
    values, log_likelihood = predict(theta, *network)
    np.savetxt(folder + "/expected.txt", np.column_stack([theta, values, log_likelihood]), fmt="%.17g")


if __name__ == "__main__":
    main(sys.argv[1])
