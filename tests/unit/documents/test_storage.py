import dataclasses
import datetime as dt
import os
import time

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from icp.documents.storage import Bucket, Folder, Missing, SealedStorage, open_storage, papers_storage
from icp.sealing import Keyring, SealError
from icp.settings import Settings, SettingsError

KEYS = Keyring({1: bytes(range(32))}, 1)
SECRET = b"the plaintext of a paper " * 40


@pytest.fixture(scope="module")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket="papers")
    yield endpoint, client
    client.close()
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def storage(request, tmp_path):
    if request.param == "folder":
        return open_storage(Settings(instance=tmp_path))
    endpoint, _ = request.getfixturevalue("s3")
    return open_storage(
        Settings(
            storage=f"s3://papers/{request.node.name.split('[')[0].replace('_', '-')}/site",
            s3_endpoint=endpoint,
            s3_region="us-east-1",
            s3_access_key="test",
            s3_secret_key="test",
        )
    )


def test_what_was_put_comes_back(storage):
    assert not storage.exists("ab/1/original")
    storage.put("ab/1/original", SECRET)
    storage.put("ab/1/reduced", b"")
    assert storage.exists("ab/1/original")
    assert storage.get("ab/1/original") == SECRET
    assert storage.get("ab/1/reduced") == b""
    storage.put("ab/1/original", b"again")
    assert storage.get("ab/1/original") == b"again"


def test_what_was_deleted_is_gone_and_deleting_twice_is_harmless(storage):
    storage.put("cd/2/view", b"x")
    storage.delete("cd/2/view")
    storage.delete("cd/2/view")
    assert not storage.exists("cd/2/view")
    with pytest.raises(Missing):
        storage.get("cd/2/view")


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a//b", "a/../b", "", "A/b", "a/b.jpg", "a\0b", "a/", "a\n"])
def test_keys_that_could_lead_out_are_refused(storage, key):
    for verb in (storage.get, storage.delete, storage.exists, lambda k: storage.put(k, b"x")):
        with pytest.raises(ValueError, match="not a storage key"):
            verb(key)


def test_aged_objects_are_listed(storage):
    storage.put("ef/3/original", b"x")
    assert list(storage.aged(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))) == []
    assert list(storage.aged(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))) == ["ef/3/original"]


def test_large_objects_are_sealed_and_opened(storage):
    data = os.urandom(15 * 1024 * 1024)
    sealed = SealedStorage(storage, KEYS)
    sealed.put("aa/4/original", data)
    assert sealed.get("aa/4/original") == data


def test_nothing_readable_lies_on_the_disk(tmp_path):
    SealedStorage(Folder(tmp_path), KEYS).put("aa/5/original", SECRET)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert b"plaintext" not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o077 == 0
    assert files[0].parent.stat().st_mode & 0o077 == 0


def test_nothing_readable_lies_in_the_bucket(s3):
    endpoint, client = s3
    store = open_storage(
        Settings(
            storage="s3://papers/sealed",
            s3_endpoint=endpoint,
            s3_region="us-east-1",
            s3_access_key="test",
            s3_secret_key="test",
        )
    )
    assert isinstance(store, Bucket)
    SealedStorage(store, KEYS).put("aa/6/original", SECRET)
    body = client.get_object(Bucket="papers", Key="sealed/aa/6/original")["Body"]
    assert b"plaintext" not in body.read()


def test_an_object_moved_to_another_key_or_altered_does_not_open(tmp_path):
    folder = Folder(tmp_path)
    sealed = SealedStorage(folder, KEYS)
    sealed.put("aa/7/original", SECRET)
    folder.put("aa/8/original", folder.get("aa/7/original"))
    with pytest.raises(SealError):
        sealed.get("aa/8/original")
    folder.put("aa/7/original", folder.get("aa/7/original")[:-1] + b"\0")
    with pytest.raises(SealError):
        sealed.get("aa/7/original")


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.put("aa/9/original", b"old")

    def full(*args):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        folder.put("aa/9/original", b"new")
    assert folder.get("aa/9/original") == b"old"
    assert len(list(tmp_path.rglob("*.part"))) == 0


def test_half_files_of_a_crash_are_taken_away(tmp_path):
    folder = Folder(tmp_path)
    folder.put("aa/1/original", b"x")
    half = tmp_path / "aa" / "1" / ".abc.part"
    half.write_bytes(b"half")
    past = time.time() - 3600
    os.utime(half, (past, past))
    assert list(folder.aged(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5))) == []
    assert not half.exists()


@pytest.mark.parametrize("setting", ["http://x/y", "s3://", "papers", "file:///x"])
def test_other_storages_are_refused(setting, tmp_path):
    with pytest.raises(SettingsError, match="ICP_STORAGE"):
        open_storage(dataclasses.replace(Settings(instance=tmp_path), storage=setting))


def test_a_process_whose_first_request_is_a_picture_has_its_keys(app_context, app):
    assert "keyring" not in app.extensions
    papers_storage().put("ab/cd/view", b"a picture")
    assert papers_storage().get("ab/cd/view") == b"a picture"
