"""Fills third_party/ with the protos that proto/ imports, all of them from PyPI packages pinned by hash.

google/api and google/rpc come from the installed googleapis-common-protos, buf/validate from the source
distribution of protovalidate. The folder is replaced as a whole: nothing of an older version stays in it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# What proto/ may import, and what these import in turn. Envoy renders error details as JSON only if the
# descriptor set holds google/rpc/error_details.proto: none of ours imports it, but the whole folder is built.
GOOGLE_PROTOS = (
    "google/api/annotations.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
    "google/api/httpbody.proto",
    "google/api/launch_stage.proto",
    "google/api/resource.proto",
    "google/api/visibility.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
)
VALIDATE_PROTO = "buf/validate/validate.proto"


def copy_google_protos(target: Path) -> None:
    """Copies GOOGLE_PROTOS out of the installed googleapis-common-protos."""
    distribution = importlib.metadata.distribution("googleapis-common-protos")
    for name in GOOGLE_PROTOS:
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(distribution.locate_file(name)), destination)


def unpack_validate_proto(lock: Path, target: Path) -> None:
    """Downloads protovalidate's source distribution, checked by its hash, and unpacks one file of it."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        # pip asks for its metadata even though only a file of it is wanted; the lock has the build backend.
        source_alone = ["--no-deps", "--no-binary", "protovalidate", "--no-build-isolation"]
        pinned = ["--require-hashes", "-r", str(lock)]
        subprocess.run([*pip, "download", "--quiet", *source_alone, *pinned, "--dest", folder], check=True)
        (archive,) = Path(folder).glob("protovalidate-*.tar.gz")
        member = f"{archive.name.removesuffix('.tar.gz')}/upstream/proto/{VALIDATE_PROTO}"
        with tarfile.open(archive) as source:
            content = source.extractfile(member)
            if content is None:
                sys.exit(f"{archive.name} holds no {member}")
            destination = target / VALIDATE_PROTO
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(content.read())


def main() -> None:
    """Replaces the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Fill a folder with the imported protos.")
    parser.add_argument("lock", type=Path, help="pins protovalidate's source distribution")
    parser.add_argument("target", type=Path)
    options = parser.parse_args()

    fresh = options.target.with_name(options.target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    unpack_validate_proto(options.lock, fresh)
    copy_google_protos(fresh)
    shutil.rmtree(options.target, ignore_errors=True)
    fresh.rename(options.target)


if __name__ == "__main__":
    main()
