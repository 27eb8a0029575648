/** One metric of a DCMD, decoded; nothing about it has been checked yet. */
export interface DeviceCommand {
  /** Undefined: a host that sends none. */
  id: string | undefined;
  /** The device of the topic. */
  device: string;
  /** By alias where there is one, as births have it; else by name. */
  alias: number | undefined;
  name: string | undefined;
  /** The point that our own host means; undefined: a host that does not say. */
  point: string | undefined;
  /** Null: the command says "no value"; undefined: it has none that is a scalar. */
  value: number | boolean | string | null | undefined;
  /** UTC ms by the host's clock; undefined: it does not say. */
  sentMs: number | undefined;
  /** The broker had kept it: nobody knows for how long. */
  retained: boolean;
}
