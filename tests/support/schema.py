"""Hold documents against the schema, and the schema against broken documents.

usage: schema.py SCHEMA COMMAND FILE...

A file called *.ndjson has a document in each line, others are one. All must be valid, and
have no member that the schema does not describe. Among them there must be a success and a
failure of COMMAND, both as a document and as a line (not so for the command "-").

Each is then broken: every member is taken away, misspelt, or given a value of another
type, and the schema must refuse what comes of it. One member more must be allowed.
"""
import copy
import json
import sys

from jsonschema import Draft202012Validator as Validator

# What may be left out, as far as the schema alone can tell.
OPTIONAL = {"error", "deleted", "left", "together"}
# Objects whose members are the user's own.
FREE = {"labels"}


def closed(schema):
    """The schema, but for members that it does not describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: closed(value) for key, value in schema.items()}
    if "object" in (schema.get("type") or ()) and "additionalProperties" not in schema:
        out["unevaluatedProperties"] = False
    return out


def other_type(value):
    return 17 if isinstance(value, str) else [] if value is None else "17"


def objects(node, path=()):
    """The objects in a document, each with the path that leads there."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from objects(value, path + (key,))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from objects(value, path + (i,))


def shortened(node):
    """At most two items of each array: others would break alike."""
    if isinstance(node, dict):
        return {key: shortened(value) for key, value in node.items()}
    return [shortened(item) for item in node[:2]] if isinstance(node, list) else node


def shape(node, key=None):
    """Documents of one shape break alike, too."""
    if isinstance(node, dict):
        return {key: shape(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [shape(item) for item in node]
    return node if key in ("command", "event") else type(node).__name__


def broken(document, path, change):
    """A copy whose object at `path` was changed."""
    whole = copy.deepcopy(document)
    at = whole
    for key in path:
        at = at[key]
    change(at)
    return whole


def breakages(document):
    """(what was done, what came of it, what it must be refused by)"""
    for path, node in objects(document):
        if path and path[-1] in FREE:
            continue
        where = "/".join(map(str, path))
        for key in node:
            name = f"{where}/{key}"
            needed = "open" if key not in OPTIONAL else None
            yield f"without {name}", broken(document, path, lambda o: o.pop(key)), needed
            yield (f"{name} misspelt",
                   broken(document, path, lambda o: o.update({key + "s": o.pop(key)})),
                   "closed")
            yield (f"{name} of another type",
                   broken(document, path, lambda o: o.update({key: other_type(o[key])})),
                   "open")
        more = broken(document, path, lambda o: o.update({"a_member_more": 1}))
        yield f"{where}/a_member_more", more, "closed alone"


def main(schema_file, command, files):
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    Validator.check_schema(schema)
    strict = closed(schema)
    Validator.check_schema(strict)
    as_open, as_closed = Validator(schema), Validator(strict)
    seen, shapes, count, offences = set(), {}, 0, []

    for name in files:
        with open(name, encoding="utf-8") as file:
            lines = list(file) if name.endswith(".ndjson") else [file.read()]
        for line in lines:
            document = json.loads(line)
            kind = "line" if name.endswith(".ndjson") else "document"
            event = document.get("event", "failed" if "error" in document else "done")
            seen.add((kind, event, document["command"]))
            for error in list(as_open.iter_errors(document)) or as_closed.iter_errors(document):
                offences.append(f"{name}: /{'/'.join(map(str, error.absolute_path))}: "
                                f"{error.message[:300]}")
            shapes[json.dumps(shape(shortened(document)))] = (name, shortened(document))
    for kind in ("document", "line"):
        for event in ("done", "failed"):
            if command != "-" and (kind, event, command) not in seen:
                offences.append(f"no {kind} of {command} that is {event}")
    for name, document in shapes.values() if not offences else ():
        for what, whole, by in breakages(document):
            count += 1
            if by == "open" and as_open.is_valid(whole):
                offences.append(f"{name}: allowed: {what}")
            elif by == "closed" and as_closed.is_valid(whole):
                offences.append(f"{name}: not noticed: {what}")
            elif by == "closed alone" and not as_open.is_valid(whole):
                offences.append(f"{name}: refused: {what}")
            elif by == "closed alone" and as_closed.is_valid(whole):
                offences.append(f"{name}: not noticed: {what}")
    print(*offences, sep="\n")
    print(f"{len(shapes)} shapes, {count} breakages")
    return 1 if offences else 0


sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
