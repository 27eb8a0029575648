import type { Recogniser } from '../message.ts';
import { chirpstack } from './chirpstack.ts';
import { homeAssistant } from './home-assistant.ts';
import { shellyGen1 } from './shelly-gen1.ts';
import { shellyGen2 } from './shelly-gen2.ts';
import { tasmota } from './tasmota.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

/** The one list; a message belongs to the first that recognises it. */
export const recognisers: readonly Recogniser[] = [
  zigbee2mqtt,
  homeAssistant,
  shellyGen1,
  shellyGen2,
  tasmota,
  chirpstack,
];
