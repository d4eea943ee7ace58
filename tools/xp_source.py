"""What ``check_xp`` knows about the workspace's source: its functions, classes, waivers, and who takes ``xp``."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
WAIVER = re.compile(r"#\s*xp:\s*(.*)")
PROPERTIES = frozenset({"property", "cached_property"})


@dataclass(frozen=True)
class Finding:
    """One broken rule at one place."""

    path: str
    line: int
    last_line: int
    rule: str
    text: str
    def_lines: tuple[int, ...] = ()

    def waiver_lines(self) -> list[int]:
        """Lines on which a waiver covers this finding: its own and those of the function's signature."""
        return [*range(self.line, self.last_line + 1), *self.def_lines]


class Module:
    """One source file."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.tree = ast.parse(source, filename=path)
        self.waivers: dict[int, str] = {}
        """Line -> reason, empty where none was given."""
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and (match := WAIVER.match(token.string)):
                self.waivers[token.start[0]] = match.group(1).strip()


@dataclass(eq=False)
class Function:
    """A function or method with the class it belongs to."""

    node: FunctionNode
    module: Module
    class_name: str | None
    static_numpy: set[ast.AST] = field(default_factory=set)
    """``np.name`` nodes that are called on shapes or literals."""

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def takes_xp(self) -> bool:
        return "xp" in parameter_names(self.node)

    @property
    def may_drop_xp(self) -> bool:
        """Takes ``xp`` with a default: left out, NumPy is used in silence."""
        arguments = self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        optional = positional[len(positional) - len(arguments.defaults) :]
        optional += [a for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default]
        return any(argument.arg == "xp" for argument in optional)

    @property
    def is_xp_aware(self) -> bool:
        """Has a parameter ``xp`` or reads ``self._xp``."""
        return self.takes_xp or any(
            isinstance(node, ast.Attribute) and node.attr == "_xp" and isinstance(node.ctx, ast.Load) and is_xp(node)
            for node in ast.walk(self.node)
        )

    @property
    def is_property(self) -> bool:
        return any(terminal_name(decorator) in PROPERTIES for decorator in self.node.decorator_list)

    @property
    def def_lines(self) -> tuple[int, ...]:
        """Lines of the signature, from ``def`` to the colon."""
        return tuple(range(self.node.lineno, max(self.node.lineno + 1, self.node.body[0].lineno)))


class Workspace:
    """All functions of all modules, and which calls want ``xp``."""

    def __init__(self, modules: list[Module]) -> None:
        self.functions: list[Function] = []
        self.bases: dict[str, list[str]] = {}
        self.fields: dict[str, set[str]] = {}
        """Class -> its model parameters, the fields made with ``parameter(...)``."""
        for module in modules:
            self._collect(module.tree, module, None)
        self._alone = {function.node for function in self.functions}
        self._methods: dict[tuple[str, str], Function] = {}
        self._by_name: dict[str, set[bool]] = {}
        self._locals: dict[tuple[str, str], Function] = {}
        for function in self.functions:
            self._by_name.setdefault(function.name, set()).add(function.may_drop_xp)
            if function.class_name is None:
                self._locals[function.module.path, function.name] = function
            else:
                self._methods[function.class_name, function.name] = function

    def _collect(self, node: ast.AST, module: Module, class_name: str | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                self.bases[child.name] = [name for base in child.bases if (name := terminal_name(base))]
                self.fields[child.name] = parameter_fields(child)
                self._collect(child, module, child.name)
            elif isinstance(child, FunctionNode):
                self.functions.append(Function(child, module, class_name))
                self._collect_nested(child, module)
            else:
                self._collect(child, module, class_name)

    def _collect_nested(self, node: ast.AST, module: Module) -> None:
        """Functions inside functions count on their own only where they take ``xp`` themselves."""
        for child in ast.walk(node):
            if child is not node and isinstance(child, FunctionNode) and "xp" in parameter_names(child):
                self.functions.append(Function(child, module, None))

    def is_checked_alone(self, node: FunctionNode) -> bool:
        """True where ``node`` is visited as a function of its own."""
        return node in self._alone

    def method(self, class_name: str, name: str, seen: frozenset[str] = frozenset()) -> Function | None:
        """``name`` of the class or of the nearest base that defines it."""
        if class_name in seen or class_name not in self.bases:
            return None
        if (class_name, name) in self._methods:
            return self._methods[class_name, name]
        found = (self.method(base, name, seen | {class_name}) for base in self.bases[class_name])
        return next((function for function in found if function), None)

    def has_xp_methods(self, class_name: str, seen: frozenset[str] = frozenset()) -> bool:
        """True where the class or a base has a method that takes ``xp``, constructors apart."""
        if class_name in seen or class_name not in self.bases:
            return False
        own = (f for (owner, _), f in self._methods.items() if owner == class_name)
        if any(function.takes_xp and function.name != "__init__" for function in own):
            return True
        return any(self.has_xp_methods(base, seen | {class_name}) for base in self.bases[class_name])

    def parameter_fields(self, class_name: str | None, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        """Model parameters of the class and its bases."""
        if class_name is None or class_name in seen or class_name not in self.bases:
            return frozenset()
        inherited = (self.parameter_fields(base, seen | {class_name}) for base in self.bases[class_name])
        return frozenset(self.fields[class_name]).union(*inherited)

    def is_property_beside_xp(self, function: Function) -> bool:
        """A property whose class has xp-aware methods."""
        return bool(function.is_property and function.class_name and self.has_xp_methods(function.class_name))

    def wants_xp(self, call: ast.Call, caller: Function) -> bool:
        """Whether the called function has a default for ``xp``.

        Names are resolved through the module, ``self``, ``super()`` and classes; what can't be resolved is judged by
        its name, where every function of that name in the workspace has one.
        """
        target = call.func
        name = terminal_name(target)
        if name is None or root_name(target) in ("xp", "np", "jnp", "jax"):
            return False
        if name in self.bases:
            constructor = self.method(name, "__init__")
            return constructor is not None and constructor.may_drop_xp
        if isinstance(target, ast.Name):
            local = self._locals.get((caller.module.path, name))
            return local.may_drop_xp if local else self._by_name.get(name) == {True}
        owner = self._owner(target, caller)
        method = self.method(owner, name) if owner else None
        if method is not None:
            return method.may_drop_xp
        return not name.startswith("__") and self._by_name.get(name) == {True}

    def _owner(self, target: ast.expr, caller: Function) -> str | None:
        """Class of the object before the dot, where the source says it."""
        if not isinstance(target, ast.Attribute):
            return None
        value = target.value
        if isinstance(value, ast.Name) and value.id in ("self", "cls"):
            return caller.class_name
        if isinstance(value, ast.Call) and terminal_name(value.func) == "super" and caller.class_name:
            return next(iter(self.bases.get(caller.class_name, [])), None)
        owner = terminal_name(value.func if isinstance(value, ast.Call) else value)
        return owner if owner in self.bases else None


def parameter_names(node: FunctionNode) -> set[str]:
    """Names of all parameters."""
    arguments = node.args
    return {argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}


def parameter_fields(node: ast.ClassDef) -> set[str]:
    """Fields ``name: type = parameter(...)`` of a class body."""
    return {
        item.target.id
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and isinstance(item.value, ast.Call)
        if terminal_name(item.value) == "parameter"
    }


def terminal_name(node: ast.AST) -> str | None:
    """``c`` of ``a.b.c`` and of ``c``; a call or subscript counts as what is called or subscripted."""
    if isinstance(node, ast.Call):
        return terminal_name(node.func)
    if isinstance(node, ast.Subscript):
        return terminal_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def root_name(node: ast.AST) -> str | None:
    """``a`` of ``a.b.c``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def is_xp(node: ast.AST) -> bool:
    """``xp`` or ``self._xp``."""
    if isinstance(node, ast.Name):
        return node.id == "xp"
    return isinstance(node, ast.Attribute) and node.attr == "_xp" and root_name(node) == "self"
