import { type CountingDevice, countingDevice } from '../../helpers/counting-device.ts';
import { answerParent } from './answer.ts';

/** Modbus TCP devices that give out a number with each answer, one more each time. */
const devices: CountingDevice[] = [];

answerParent({
  async listen({ count }: { count: number }) {
    for (let i = 0; i < count; i++) devices.push(await countingDevice());
    return devices.map(({ port }) => port);
  },
  served: () => devices.map(({ served }) => served),
});
