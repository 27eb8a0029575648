"""Reads registers with pymodbus: a list of requests as JSON on stdin, the decoded values as JSON on stdout."""
import json
import socket
import struct
import sys

from pymodbus.client import ModbusTcpClient
from pymodbus.constants import Endian
from pymodbus.payload import BinaryPayloadDecoder
from pymodbus.utilities import computeCRC

WORDS = {"u16": 1, "s16": 1, "u32": 2, "f32": 2}


def decode(registers, kind):
    decoder = BinaryPayloadDecoder.fromRegisters(registers, byteorder=Endian.Big, wordorder=Endian.Big)
    return {
        "u16": decoder.decode_16bit_uint,
        "s16": decoder.decode_16bit_int,
        "u32": decoder.decode_32bit_uint,
        "f32": decoder.decode_32bit_float,
    }[kind]()


def read_tcp(client, request, count):
    read = client.read_input_registers if request["table"] == "input" else client.read_holding_registers
    reply = read(request["address"], count, slave=request["unit"])
    if reply.isError():
        raise RuntimeError(f"{request}: {reply}")
    return reply.registers


def read_16_bit_count(request, count):
    """The NICE3000+ answers with a byte count of two bytes, which no Modbus library reads; request and CRC are the usual ones."""
    frame = struct.pack(">BBHH", request["unit"], 3, request["address"], count)
    with socket.create_connection(("127.0.0.1", request["port"]), timeout=5) as line:
        line.sendall(frame + struct.pack(">H", computeCRC(frame)))
        wanted = 2 + 2 + count * 2 + 2
        reply = b""
        while len(reply) < wanted:
            part = line.recv(256)
            if not part:
                raise RuntimeError(f"{request}: closed after {reply.hex()}")
            reply += part
    if reply[:4] != struct.pack(">BBH", request["unit"], 3, count * 2):
        raise RuntimeError(f"{request}: {reply.hex()}")
    if struct.pack(">H", computeCRC(reply[:-2])) != reply[-2:]:
        raise RuntimeError(f"{request}: CRC of {reply.hex()}")
    return list(struct.unpack(f">{count}H", reply[4:-2]))


clients = {}
values = []
for request in json.load(sys.stdin):
    count = WORDS[request["type"]]
    if request.get("byteCount16"):
        registers = read_16_bit_count(request, count)
    else:
        port = request["port"]
        if port not in clients:
            clients[port] = ModbusTcpClient("127.0.0.1", port=port)
            clients[port].connect()
        registers = read_tcp(clients[port], request, count)
    values.append(decode(registers, request["type"]))
for client in clients.values():
    client.close()
json.dump(values, sys.stdout)
