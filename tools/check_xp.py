"""Static check that the array namespace ``xp`` is never dropped: ``python tools/check_xp.py FOLDER ...``.

A function is xp-aware when it has a parameter ``xp`` or reads ``self._xp``. Inside one, and inside what it nests:

XP1  a call of a workspace function that has a default for ``xp`` without ``xp=``: it would use NumPy in silence
XP2  ``np.`` outside ``if xp is np``: it fails on a tracer, or turns it into a constant
XP3  ``and``, ``or``, ``not``, ``&``, ``|`` on arrays: write ``xp.logical_and`` and its kin
XP4  a property with ``np.`` in a class with xp-aware methods: a property can't be told the namespace

A line that is right all the same carries ``# xp: reason``; on a ``def`` line it covers the function. A waiver without
a reason, or one that nothing needs, is reported as XP0. Constants and types of NumPy, and calls of it on shapes, are
no finding; nor is code that runs on NumPy alone (``is_numpy(a)``, ``not is_traced(a)``, ``not use_jax``).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from xp_source import Finding, Function, Module, Workspace, is_xp, root_name, terminal_name
from xp_taint import concrete_guards, is_arrayish, is_static, tainted_names

# Immutable numbers and types mean the same on every backend; finfo and result_type look at dtypes only.
NUMPY_STATIC = frozenset(
    "pi e inf nan newaxis euler_gamma ndarray generic number integer floating complexfloating bool_ float32 float64 "
    "int32 int64 complex64 complex128 dtype finfo iinfo result_type issubdtype errstate random typing".split()
)
STOPS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class BodyCheck:
    """Walks one function and collects its findings."""

    def __init__(self, function: Function, workspace: Workspace) -> None:
        self.function = function
        self.workspace = workspace
        self.tainted = tainted_names(function.node, workspace.parameter_fields(function.class_name))
        self.findings: list[Finding] = []

    def run(self) -> list[Finding]:
        """XP1, XP2 and XP3 of an xp-aware function; XP4 of a property."""
        self.block(self.function.node.body, numpy_only=False)
        return self.findings

    def report(self, rule: str, node: ast.AST, text: str) -> None:
        """Keep a finding with the lines on which a waiver may stand."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        self.findings.append(Finding(self.function.module.path, first, last, rule, text, self.function.def_lines))

    def block(self, statements: list[ast.stmt], numpy_only: bool) -> None:
        """Statements in order: after ``if xp is not np: return ...`` the rest runs on NumPy."""
        for statement in statements:
            self.visit(statement, numpy_only)
            if isinstance(statement, ast.If) and isinstance(statement.body[-1], STOPS):
                numpy_only = numpy_only or concrete_guards(statement.test)[1]

    def visit(self, node: ast.AST, numpy_only: bool) -> None:
        """One node; ``numpy_only`` says that a guard above keeps JAX out."""
        if isinstance(node, ast.If | ast.IfExp):
            when_true, when_false = concrete_guards(node.test)
            self.visit(node.test, numpy_only)
            if isinstance(node, ast.If):
                self.block(node.body, numpy_only or when_true)
                self.block(node.orelse, numpy_only or when_false)
            else:
                self.visit(node.body, numpy_only or when_true)
                self.visit(node.orelse, numpy_only or when_false)
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not self.workspace.is_checked_alone(node):
                self.block(node.body, numpy_only)
            return
        if isinstance(node, ast.BoolOp):
            self.boolean(node, numpy_only)
            return
        if not numpy_only:
            self.leaf(node)
        for field in self.children(node):
            self.visit(field, numpy_only)

    def boolean(self, node: ast.BoolOp, numpy_only: bool) -> None:
        """``guard and rest``: the guard holds while ``rest`` is evaluated; otherwise an operand must be no array."""
        reported = False
        for operand in node.values:
            if not numpy_only and not reported and is_arrayish(operand, self.tainted):
                self.report("XP3", node, f"`{ast.unparse(node)}`: {self.logical(node.op)} on an array")
                reported = True
            self.visit(operand, numpy_only)
            numpy_only = numpy_only or concrete_guards(operand)[0 if isinstance(node.op, ast.And) else 1]

    @staticmethod
    def logical(operator: ast.boolop | ast.operator) -> str:
        conjunction = isinstance(operator, ast.And | ast.BitAnd)
        return "write xp.logical_and, not and/&," if conjunction else "write xp.logical_or, not or/|,"

    @staticmethod
    def children(node: ast.AST) -> Iterator[ast.AST]:
        """Child nodes but for annotations, which are never evaluated on arrays."""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, ast.AST))

    def leaf(self, node: ast.AST) -> None:
        """The rules that look at one node."""
        if isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.Attribute):
            self.numpy_attribute(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
            if is_arrayish(node.left, self.tainted) or is_arrayish(node.right, self.tainted):
                self.report("XP3", node, f"`{ast.unparse(node)}`: {self.logical(node.op)} on an array")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and is_arrayish(node.operand, self.tainted):
            self.report("XP3", node, f"`{ast.unparse(node)}`: write xp.logical_not on an array")

    def call(self, node: ast.Call) -> None:
        """XP1, and the static calls of NumPy that XP2 lets pass."""
        if root_name(node.func) == "np" and node.args and all(is_static(arg) for arg in node.args):
            self.function.static_numpy.add(node.func)
        if self.function.is_xp_aware and self.workspace.wants_xp(node, self.function):
            if any(keyword.arg == "xp" for keyword in node.keywords):
                return
            how = "passes xp by position" if any(is_xp(arg) for arg in node.args) else "drops xp"
            self.report("XP1", node, f"`{terminal_name(node.func)}(...)` {how}: write xp=xp")

    def numpy_attribute(self, node: ast.Attribute) -> None:
        """XP2 in an xp-aware body, XP4 in a property."""
        if not (isinstance(node.value, ast.Name) and node.value.id == "np") or node.attr in NUMPY_STATIC:
            return
        if node in self.function.static_numpy:
            return
        if self.function.is_xp_aware:
            self.report("XP2", node, f"`np.{node.attr}` in xp-aware `{self.function.name}`: write xp.{node.attr}")
        else:
            self.report(
                "XP4", node, f"`np.{node.attr}` in property `{self.function.name}`: make it a method with xp=np"
            )


def findings_from(modules: list[Module]) -> list[Finding]:
    """All findings of the workspace made of ``modules``, waivers applied, in the order of files and lines."""
    workspace = Workspace(modules)
    found = [
        finding
        for function in workspace.functions
        if function.is_xp_aware or workspace.is_property_beside_xp(function)
        for finding in BodyCheck(function, workspace).run()
    ]
    kept, used = [], set()
    waivers = {module.path: module.waivers for module in modules}
    for finding in found:
        lines = [line for line in finding.waiver_lines() if line in waivers[finding.path]]
        used.update((finding.path, line) for line in lines)
        if not any(waivers[finding.path][line] for line in lines):
            kept.append(finding)
    for path, by_line in waivers.items():
        for line, reason in by_line.items():
            if not reason:
                kept.append(Finding(path, line, line, "XP0", "a waiver wants a reason: `# xp: reason`"))
            elif (path, line) not in used:
                kept.append(Finding(path, line, line, "XP0", "this waiver waives nothing: remove it"))
    return sorted(kept, key=lambda finding: (finding.path, finding.line, finding.rule))


def main(folders: list[str]) -> int:
    """Print the findings below ``folders``; 1 where there are any."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    if not paths:
        print(f"check_xp: no Python file below {folders}, wanted packages: python tools/check_xp.py packages/*/auto*")
        return 1
    findings = findings_from([Module(str(path), path.read_text()) for path in paths])
    for finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.rule} {finding.text}")
    print(f"check_xp: {len(findings)} findings in {len(paths)} files")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
