/*
 * A Modbus server of libmodbus: `libmodbus-server tcp PORT` on 127.0.0.1, or `libmodbus-server rtu DEVICE` with 9600 baud, 8N1.
 * Commands on stdin, one answer line each on stdout, encoded and decoded by libmodbus alone:
 *   set TABLE TYPE ORDER ADDRESS VALUE -> ok
 *   get TABLE TYPE ORDER ADDRESS       -> the value
 * libmodbus has all four orders for floats and ABCD for integers.
 */
#include <inttypes.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#define SIZE 500

static modbus_mapping_t *map;

static float get_float(const char *order, const uint16_t *at);

static void set_float(const char *order, float value, uint16_t *at) {
    if (strcmp(order, "ABCD") == 0) modbus_set_float_abcd(value, at);
    else if (strcmp(order, "CDAB") == 0) modbus_set_float_cdab(value, at);
    else if (strcmp(order, "BADC") == 0) modbus_set_float_badc(value, at);
    else modbus_set_float_dcba(value, at);
    if (get_float(order, at) == value) return;
    /* The setters of 3.1.6 copy the bytes into the words as the host lays them, its getters do not: the getters are held to. */
    for (int i = 0; i < 2; i++) at[i] = (uint16_t)(at[i] << 8 | at[i] >> 8);
    if (get_float(order, at) != value) {
        fprintf(stderr, "no float in order %s\n", order);
        exit(1);
    }
}

static float get_float(const char *order, const uint16_t *at) {
    if (strcmp(order, "ABCD") == 0) return modbus_get_float_abcd(at);
    if (strcmp(order, "CDAB") == 0) return modbus_get_float_cdab(at);
    if (strcmp(order, "BADC") == 0) return modbus_get_float_badc(at);
    return modbus_get_float_dcba(at);
}

static void command(char *line) {
    char verb[8], table[16], type[8], order[8], value[64] = "";
    int address;
    if (sscanf(line, "%7s %15s %7s %7s %d %63s", verb, table, type, order, &address, value) < 5) return;
    int write = strcmp(verb, "set") == 0;
    if (strcmp(type, "bool") == 0) {
        uint8_t *bit = (strcmp(table, "coil") == 0 ? map->tab_bits : map->tab_input_bits) + address;
        if (write) *bit = (uint8_t)atoi(value);
        else printf("%d\n", *bit);
    } else {
        uint16_t *at = (strcmp(table, "holding") == 0 ? map->tab_registers : map->tab_input_registers) + address;
        if (strcmp(type, "f32") == 0) {
            if (write) set_float(order, strtof(value, NULL), at);
            else printf("%.17g\n", get_float(order, at));
        } else if (strcmp(type, "u16") == 0) {
            if (write) at[0] = (uint16_t)strtoul(value, NULL, 10);
            else printf("%u\n", at[0]);
        } else if (strcmp(type, "s16") == 0) {
            if (write) at[0] = (uint16_t)strtol(value, NULL, 10);
            else printf("%d\n", (int16_t)at[0]);
        } else if (strcmp(type, "u32") == 0 || strcmp(type, "s32") == 0) {
            if (write) {
                uint32_t number = (uint32_t)strtoll(value, NULL, 10);
                MODBUS_SET_INT32_TO_INT16(at, 0, number);
            } else {
                uint32_t number = (uint32_t)MODBUS_GET_INT32_FROM_INT16(at, 0);
                if (type[0] == 'u') printf("%" PRIu32 "\n", number);
                else printf("%" PRId32 "\n", (int32_t)number);
            }
        } else {
            if (write) {
                uint64_t number = type[0] == 'u' ? strtoull(value, NULL, 10) : (uint64_t)strtoll(value, NULL, 10);
                MODBUS_SET_INT64_TO_INT16(at, 0, number);
            } else {
                int64_t number = MODBUS_GET_INT64_FROM_INT16(at, 0);
                if (type[0] == 'u') printf("%" PRIu64 "\n", (uint64_t)number);
                else printf("%" PRId64 "\n", number);
            }
        }
    }
    if (write) printf("ok\n");
    fflush(stdout);
}

/* 0: stdin has ended. */
static int commands(void) {
    static char buffer[4096];
    static size_t length = 0;
    ssize_t got = read(STDIN_FILENO, buffer + length, sizeof buffer - 1 - length);
    if (got <= 0) return 0;
    length += (size_t)got;
    buffer[length] = '\0';
    char *end;
    while ((end = strchr(buffer, '\n')) != NULL) {
        *end = '\0';
        command(buffer);
        length -= (size_t)(end + 1 - buffer);
        memmove(buffer, end + 1, length + 1);
    }
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int rtu = strcmp(argv[1], "rtu") == 0;
    modbus_t *ctx = rtu ? modbus_new_rtu(argv[2], 9600, 'N', 8, 1) : modbus_new_tcp("127.0.0.1", atoi(argv[2]));
    map = modbus_mapping_new(SIZE, SIZE, SIZE, SIZE);
    if (ctx == NULL || map == NULL) return 1;
    modbus_set_slave(ctx, 1);
    int listener = -1, line = -1;
    if (rtu) {
        if (modbus_connect(ctx) != 0) return 1;
        line = modbus_get_socket(ctx);
    } else if ((listener = modbus_tcp_listen(ctx, 1)) < 0) {
        return 1;
    }
    for (;;) {
        fd_set waiting;
        FD_ZERO(&waiting);
        FD_SET(STDIN_FILENO, &waiting);
        int other = line >= 0 ? line : listener;
        FD_SET(other, &waiting);
        if (select((other > STDIN_FILENO ? other : STDIN_FILENO) + 1, &waiting, NULL, NULL, NULL) < 0) return 1;
        if (FD_ISSET(STDIN_FILENO, &waiting) && !commands()) return 0;
        if (!FD_ISSET(other, &waiting)) continue;
        if (line < 0) {
            line = modbus_tcp_accept(ctx, &listener);
            continue;
        }
        uint8_t request[MODBUS_MAX_ADU_LENGTH];
        int length = modbus_receive(ctx, request);
        if (length > 0) {
            modbus_reply(ctx, request, length, map);
        } else if (length < 0 && !rtu) {
            modbus_close(ctx);
            line = -1;
        }
    }
}
