import { parentPort, workerData } from 'node:worker_threads';
import type { ProfileSummary } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';

const { catalog } = loadCatalog({ folders: workerData as string[] });
const summaries = [...catalog.profiles.values()].map(
  (profile): ProfileSummary => ({
    profile: profile.profile,
    vendor: profile.vendor,
    model: profile.model,
    protocol: profile.protocol,
    certainty: profile.certainty,
    classes: [...new Set(Object.values(profile.serves).map((role) => role.class))],
    points: profile.points.length,
    sources: profile.sources,
  }),
);
parentPort?.postMessage(summaries);
