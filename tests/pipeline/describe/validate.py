"""Validates JSON documents against a JSON Schema, which must itself be valid draft-07.

validate.py SCHEMA: reads a document a line, prints a line for each: `accepted` or `refused`.
"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for line in sys.stdin:
    print("accepted" if validator.is_valid(json.loads(line)) else "refused")
