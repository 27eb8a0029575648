"""Reads registers and bits with pymodbus: requests as JSON on stdin, for each a list of words, or the error as text, as JSON on stdout."""
import json
import socket
import struct
import sys

from pymodbus.client import ModbusTcpClient
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.utilities import computeCRC


def read(client, request):
    address, count = request["address"], request["count"]
    call = {
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
    }[request["table"]]
    reply = call(address, count, slave=request["unit"])
    if reply.isError():
        return str(reply)
    return [int(bit) for bit in reply.bits[:count]] if request["table"] in ("coil", "discrete") else reply.registers


def read_16_bit_count(request):
    """The NICE3000+ answers with a byte count of two bytes, which no Modbus library reads; request and CRC are the usual ones."""
    count = request["count"]
    frame = struct.pack(">BBHH", request["unit"], 3, request["address"], count)
    with socket.create_connection(("127.0.0.1", request["port"]), timeout=5) as line:
        line.sendall(frame + struct.pack(">H", computeCRC(frame)))
        reply = b""
        while len(reply) < 6 + count * 2:
            part = line.recv(256)
            if not part:
                return f"closed after {reply.hex()}"
            reply += part
    if reply[:4] != struct.pack(">BBH", request["unit"], 3, count * 2):
        return reply.hex()
    if struct.pack(">H", computeCRC(reply[:-2])) != reply[-2:]:
        return f"CRC of {reply.hex()}"
    return list(struct.unpack(f">{count}H", reply[4:-2]))


clients = {}
answers = []
for request in json.load(sys.stdin):
    if request["framing"] == "inovance":
        answers.append(read_16_bit_count(request))
        continue
    port = request["port"]
    if port not in clients:
        options = {"framer": ModbusRtuFramer} if request["framing"] == "rtu" else {}
        clients[port] = ModbusTcpClient("127.0.0.1", port=port, **options)
        clients[port].connect()
    answers.append(read(clients[port], request))
for client in clients.values():
    client.close()
json.dump(answers, sys.stdout)
