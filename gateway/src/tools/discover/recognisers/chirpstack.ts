import { fieldsOf, known, type Recogniser, textOf } from '../message.ts';

/** `application/<id>/device/<eui>/event/<event>` of ChirpStack 4; events are not retained, so only who speaks is found. */
export const chirpstack: Recogniser = {
  source: 'ChirpStack',
  filters: () => ['application/+/device/+/event/+'],
  read({ topic, payload }) {
    const [, application, eui, event] = /^application\/([^/]+)\/device\/([^/]+)\/event\/([^/]+)$/.exec(topic) ?? [];
    if (application === undefined || eui === undefined) return undefined;
    const said = fieldsOf(payload);
    const info = fieldsOf(said?.deviceInfo);
    if (info === undefined) return { fault: 'is no event of ChirpStack 4: it has no deviceInfo' };
    const name = textOf(info.deviceName);
    return {
      findings: [
        {
          key: `lorawan ${eui}`,
          source: 'ChirpStack',
          name: name ?? eui,
          parameters: { 'application-id': application, 'dev-eui': eui },
          // Whatever event was heard, this is where the values come.
          topics: [topic, `application/${application}/device/${eui}/event/up`],
          telling: event === 'up' || event === 'status',
          // A site names its device profiles itself, as a rule by the model.
          ...known({
            model: [textOf(info.deviceProfileName), name].filter((text) => text !== undefined).join(', ') || undefined,
          }),
        },
      ],
    };
  },
};
