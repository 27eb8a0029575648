"""A Modbus server of pymodbus on 127.0.0.1: `pymodbus-server.py PORT tcp|rtu`.

Commands on stdin, one answer line each on stdout, encoded and decoded by pymodbus alone:
  set TABLE TYPE ORDER ADDRESS VALUE -> ok
  get TABLE TYPE ORDER ADDRESS      -> the value
"""
import asyncio
import sys

from pymodbus.constants import Endian
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.payload import BinaryPayloadBuilder, BinaryPayloadDecoder
from pymodbus.server import StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

# Byte order within a word, word order.
ORDERS = {
    "ABCD": (Endian.Big, Endian.Big),
    "CDAB": (Endian.Big, Endian.Little),
    "BADC": (Endian.Little, Endian.Big),
    "DCBA": (Endian.Little, Endian.Little),
}
# Type -> words, name within pymodbus, Python type.
TYPES = {
    "u16": (1, "16bit_uint", int),
    "s16": (1, "16bit_int", int),
    "u32": (2, "32bit_uint", int),
    "s32": (2, "32bit_int", int),
    "u64": (4, "64bit_uint", int),
    "s64": (4, "64bit_int", int),
    "f32": (2, "32bit_float", float),
    "f64": (4, "64bit_float", float),
}
FUNCTIONS = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
STRING_WORDS = 4
SIZE = 500

slave = ModbusSlaveContext(
    di=ModbusSequentialDataBlock(0, [0] * SIZE),
    co=ModbusSequentialDataBlock(0, [0] * SIZE),
    ir=ModbusSequentialDataBlock(0, [0] * SIZE),
    hr=ModbusSequentialDataBlock(0, [0] * SIZE),
    zero_mode=True,
)


def put(table, kind, order, address, text):
    function = FUNCTIONS[table]
    if kind == "bool":
        values = [int(text)]
    else:
        byteorder, wordorder = ORDERS[order]
        builder = BinaryPayloadBuilder(byteorder=byteorder, wordorder=wordorder)
        if kind == "string":
            builder.add_string(text.ljust(STRING_WORDS * 2, "\0"))
        else:
            _, name, number = TYPES[kind]
            getattr(builder, "add_" + name)(number(text))
        values = builder.to_registers()
    slave.setValues(function, address, values)
    return "ok"


def get(table, kind, order, address):
    function = FUNCTIONS[table]
    if kind == "bool":
        return str(int(slave.getValues(function, address, 1)[0]))
    byteorder, wordorder = ORDERS[order]
    words = STRING_WORDS if kind == "string" else TYPES[kind][0]
    registers = list(slave.getValues(function, address, words))
    decoder = BinaryPayloadDecoder.fromRegisters(registers, byteorder=byteorder, wordorder=wordorder)
    if kind == "string":
        return decoder.decode_string(STRING_WORDS * 2).rstrip(b"\0").decode("ascii")
    return repr(getattr(decoder, "decode_" + TYPES[kind][1])())


async def commands():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode():
        verb, table, kind, order, address, *value = line.rstrip("\n").split(" ", 5)
        answer = put(table, kind, order, int(address), value[0]) if verb == "set" else get(table, kind, order, int(address))
        print(answer, flush=True)


async def main():
    port, frames = int(sys.argv[1]), sys.argv[2]
    server = await StartAsyncTcpServer(
        context=ModbusServerContext(slaves={1: slave}, single=False),
        address=("127.0.0.1", port),
        framer=ModbusRtuFramer if frames == "rtu" else ModbusSocketFramer,
        defer_start=True,
    )
    serving = asyncio.create_task(server.serve_forever())
    await server.serving
    await commands()
    serving.cancel()


asyncio.run(main())
