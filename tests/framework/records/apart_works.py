"""Works to do apart that fall over in every way."""

import os

from framework.records.apart import Answer


def environment(_content, **_told):
    return Answer(sorted(os.environ))


def dies(_content):
    os.abort()


def eats(_content):
    return Answer(len(bytearray(2_000_000_000)))


def exits(_content):
    os._exit(0)
