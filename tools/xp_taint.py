"""Which expressions may be arrays, and which branches run on NumPy alone: rules of thumb of ``check_xp``."""

from __future__ import annotations

import ast

from xp_source import FunctionNode, is_xp, parameter_names, root_name, terminal_name

# Attributes and calls that are plain Python values even of a traced array.
STATIC_ATTRIBUTES = frozenset(
    "shape ndim size dtype shape_native pixel_scales pixels_in_mask use_jax mask is_uniform is_transformed".split()
)
STATIC_CALLS = frozenset("len isinstance issubclass hasattr callable type is_traced is_numpy range getattr id".split())
RAW_ATTRIBUTES = frozenset({"array", "_array"})
ARRAY_ATTRIBUTES = frozenset("T real imag slim native over_sampled".split())
ARRAY_PARAMETERS = frozenset("grid radii values array image".split())


def is_static(node: ast.AST) -> bool:
    """A literal, a shape, a length, or built of such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Attribute):
        return node.attr in STATIC_ATTRIBUTES
    if isinstance(node, ast.Call):
        return terminal_name(node.func) in STATIC_CALLS
    if isinstance(node, ast.Subscript | ast.Starred):
        return is_static(node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return all(is_static(item) for item in node.elts)
    if isinstance(node, ast.BinOp):
        return is_static(node.left) and is_static(node.right)
    return isinstance(node, ast.UnaryOp) and is_static(node.operand)


def is_arrayish(node: ast.AST, tainted: frozenset[str]) -> bool:
    """True where ``node`` may be an array: a call on ``xp``, with ``xp=xp`` or on an array, or a tainted name."""
    if is_static(node) or isinstance(node, ast.Lambda):
        return False
    if isinstance(node, ast.Compare) and all(
        isinstance(operator, ast.Is | ast.IsNot | ast.In | ast.NotIn) for operator in node.ops
    ):
        return False
    if isinstance(node, ast.Call):
        return _call_is_arrayish(node, tainted)
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "self" and f"self.{node.attr}" in tainted:
            return True
        return node.attr in RAW_ATTRIBUTES or (node.attr in ARRAY_ATTRIBUTES and is_arrayish(node.value, tainted))
    if isinstance(node, ast.Name):
        return node.id in tainted
    return any(is_arrayish(child, tainted) for child in ast.iter_child_nodes(node))


def _call_is_arrayish(node: ast.Call, tainted: frozenset[str]) -> bool:
    if terminal_name(node.func) in ("bool", "float", "int", "str"):
        return False
    if any(keyword.arg == "xp" and is_xp(keyword.value) for keyword in node.keywords):
        return True
    if isinstance(node.func, ast.Attribute) and (is_xp(node.func.value) or is_arrayish(node.func.value, tainted)):
        return True
    return any(is_arrayish(item, tainted) for item in [*node.args, *(keyword.value for keyword in node.keywords)])


def tainted_names(function: FunctionNode, parameter_fields: frozenset[str]) -> frozenset[str]:
    """Names that hold arrays: grid-like parameters, model parameters of ``self``, and what is computed from arrays."""
    tainted = frozenset(parameter_names(function) & ARRAY_PARAMETERS)
    tainted |= {f"self.{name}" for name in parameter_fields}
    while True:
        grown = tainted | {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr)
            and node.value is not None
            and is_arrayish(node.value, tainted)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        if grown == tainted:
            return tainted
        tainted = grown


def concrete_guards(test: ast.AST) -> tuple[bool, bool]:
    """Whether NumPy alone gets past ``test`` when it is true, and when it is false."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        when_true, when_false = concrete_guards(test.operand)
        return when_false, when_true
    if isinstance(test, ast.BoolOp):
        guards = [concrete_guards(value) for value in test.values]
        if isinstance(test.op, ast.And):
            return any(true for true, _ in guards), all(false for _, false in guards)
        return all(true for true, _ in guards), any(false for _, false in guards)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and is_xp(test.left):
        right = test.comparators[0]
        if isinstance(right, ast.Name) and right.id == "np":
            return isinstance(test.ops[0], ast.Is), isinstance(test.ops[0], ast.IsNot)
    if isinstance(test, ast.Call):
        name = terminal_name(test.func)
        return name == "is_numpy", name == "is_traced"
    jax_flag = terminal_name(test) == "use_jax" and root_name(test) in ("use_jax", "self")
    return False, jax_flag
