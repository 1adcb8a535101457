"""Writes networks of all kinds for OnnxModelTest: y = the sum of the inputs, as far as their types allow it."""
import sys

from onnx import TensorProto as T
from onnx import helper, save

folder = sys.argv[1]


def write(name, inputs, outputs, nodes):
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    save(model, folder + "/" + name + ".onnx")


def identity(name, kind, shape):
    write(name, [("x", kind, shape)], [("y", kind, shape)], [helper.make_node("Identity", ["x"], ["y"])])


identity("float", T.FLOAT, ["n", 2])
identity("double", T.DOUBLE, ["n", 2])
identity("one-column", T.FLOAT, ["n"])
identity("one-at-a-time", T.FLOAT, [1, 2])
identity("free-columns", T.FLOAT, ["n", "k"])
identity("string", T.STRING, ["n", 2])
identity("float16", T.FLOAT16, ["n", 2])
identity("int64", T.INT64, ["n", 2])
identity("cube", T.FLOAT, ["n", 2, 3])
identity("fixed-points", T.FLOAT, [7, 2])
write("flattened", [("x", T.FLOAT, ["n", 2])], [("y/0:0", T.FLOAT, ["n", 1, 2])],
      [
          helper.make_node("Constant", [], ["axis"], value=helper.make_tensor("axis", T.INT64, [1], [1])),
          helper.make_node("Unsqueeze", ["x", "axis"], ["y/0:0"])])
write("named", [("b", T.FLOAT, ["n"]), ("a", T.FLOAT, ["n"])], [("1", T.FLOAT, ["n"])],
      [helper.make_node("Sub", ["b", "a"], ["1"])])
write("bad-name", [("b:0", T.FLOAT, ["n"]), ("a", T.FLOAT, ["n"])], [("1", T.FLOAT, ["n"])],
      [helper.make_node("Sub", ["b:0", "a"], ["1"])])
write("wide", [("b", T.FLOAT, ["n", 3]), ("a", T.FLOAT, ["n", 3])], [("y", T.FLOAT, ["n", 3])],
      [helper.make_node("Sub", ["b", "a"], ["y"])])
write("int-output", [("x", T.FLOAT, ["n", 2])], [("y", T.INT64, ["n", 2])],
      [helper.make_node("Cast", ["x"], ["y"], to=T.INT64)])
