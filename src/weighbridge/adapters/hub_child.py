"""The process that talks to the Hub: one job a line on standard input, one answer a line on standard output.

It is a process of its own since `huggingface_hub` reads its settings once, when it is imported: where loading models is
kept offline (HF_HUB_OFFLINE), a push that somebody asked for by name still has to reach the server. It also keeps
what the library logs, which may hold signed addresses, and its settings on the disk away from ours.

No answer holds a message of the library or of the server; only numbers, names of kinds, and what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Job = dict[str, Any]
_SILENCE_S = 300  # the library waits for ever by default; a server that says nothing for so long says nothing at all
_PIECE = 1 << 20


def main() -> None:
    """Answer jobs until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the library prints is no answer
    warnings.simplefilter("ignore")
    serve(sys.stdin, answers)


def serve(jobs: IO[str], answers: IO[str]) -> None:
    """Answer every job, also one that fails."""
    for line in jobs:
        try:
            told = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001  all that the library may raise becomes a kind and a status
            told = {"fault": _kind(error), "status": _status(error)}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def answer(job: Job) -> Job:
    """Do one job."""
    from huggingface_hub import HfApi, get_session

    get_session().timeout = _SILENCE_S
    jobs: dict[str, Callable[[HfApi, Job], Job]] = {"look": _look, "make": _make, "set": _set, "send": _send}
    return jobs[job["do"]](HfApi(token=os.environ["HF_TOKEN"]), job)


def _look(api: HfApi, job: Job) -> Job:
    """The repository as it is at its head: settings, and every file with its size and sha256.

    Of large files the Hub tells the sha256 by which it keeps them. Small ones lie in git, which knows them by SHA-1:
    they are fetched and hashed here; of these, those that cannot be the same are not fetched.
    """
    from huggingface_hub.errors import RepositoryNotFoundError
    from huggingface_hub.hf_api import RepoFolder

    try:
        info = api.repo_info(job["repo"], repo_type=job["kind"])
    except RepositoryNotFoundError as error:
        if _status(error) != 404:
            raise
        return {"exists": False}
    told = {"exists": True, "private": info.private, "gated": info.gated, "head": info.sha}
    sizes: dict[str, int] | None = job["sizes"]
    if sizes is None:
        return told  # only the settings were asked for
    files = []
    with tempfile.TemporaryDirectory() as folder:
        for at in api.list_repo_tree(job["repo"], recursive=True, revision=info.sha, repo_type=job["kind"]):
            if isinstance(at, RepoFolder):
                continue
            digest = at.lfs.sha256 if at.lfs else ""
            if not digest and sizes.get(at.path) == at.size:
                digest = _fetched(api, job, at.path, str(info.sha), Path(folder))
            files.append({"path": at.path, "size": at.size, "sha256": digest})
    return {**told, "files": files}


def _fetched(api: HfApi, job: Job, path: str, revision: str, folder: Path) -> str:
    at = api.hf_hub_download(job["repo"], path, repo_type=job["kind"], revision=revision, cache_dir=folder)
    digest = hashlib.sha256()
    with Path(at).open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _make(api: HfApi, job: Job) -> Job:
    api.create_repo(job["repo"], repo_type=job["kind"], private=True, exist_ok=True)
    return {}


def _set(api: HfApi, job: Job) -> Job:
    api.update_repo_settings(job["repo"], repo_type=job["kind"], **job["settings"])
    return {}


def _send(api: HfApi, job: Job) -> Job:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    adds = [CommitOperationAdd(path_in_repo=label, path_or_fileobj=path) for label, path in job["files"]]
    gone = [CommitOperationDelete(path_in_repo=label, is_folder=False) for label in job["gone"]]
    api.create_commit(
        job["repo"], [*adds, *gone], commit_message=job["says"], repo_type=job["kind"], parent_commit=job["head"]
    )
    return {}


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found


def _kind(error: Exception) -> str:
    """The kind of what broke at first, without what it says."""
    return type(_causes(error)[-1]).__name__


def _status(error: Exception) -> int:
    """The server's status, where it answered; else 0."""
    for one in _causes(error):
        status = getattr(getattr(one, "response", None), "status_code", None)
        if isinstance(status, int):
            return status
    return 0


if __name__ == "__main__":
    main()
