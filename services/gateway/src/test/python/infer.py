"""Asks a model as anybody would who has Triton's client library, and prints what it answers as JSON.

Arguments: address, Authorization header, model, shape of the images with commas. Standard input: their values, little-endian
FP32.
"""

import json
import sys

import numpy
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

address, authorization, model, shape = sys.argv[1:]
values = numpy.frombuffer(sys.stdin.buffer.read(), dtype="<f4").reshape([int(side) for side in shape.split(",")])


def headers():
    """Anew for each call: the client puts into them how long the JSON before binary data is, and leaves it there."""
    return {"Authorization": authorization}


def infer(client, binary, name=model, version=""):
    images = InferInput("images", values.shape, "FP32")
    images.set_data_from_numpy(values, binary_data=binary)
    outputs = [InferRequestedOutput(each, binary_data=binary) for each in ("logits", "probabilities")]
    answer = client.infer(name, [images], model_version=version, outputs=outputs, request_id="7", headers=headers())
    assert answer.get_response()["id"] == "7"
    return {each: answer.as_numpy(each).ravel().tolist() for each in ("logits", "probabilities")}


def refusal(client):
    try:
        infer(client, True, "no-such-model")
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return {}


with InferenceServerClient(address) as client:
    metadata = client.get_model_metadata(model, headers=headers())
    told = {
        "live": client.is_server_live(headers=headers()),
        "ready": client.is_server_ready(headers=headers()),
        "model_ready": client.is_model_ready(model, headers=headers()),
        "server": client.get_server_metadata(headers=headers())["name"],
        "inputs": [each["name"] for each in metadata["inputs"]],
        "version": metadata["versions"][0],
        "binary": infer(client, True),
        "json": infer(client, False),
        "by_version": infer(client, True, version=metadata["versions"][0]),
        "refusal": refusal(client),
    }
print(json.dumps(told))
