import { nodeMetrics } from '@plantroom/contracts';
import { isControlMetric } from './born-metrics.ts';
import { dataType, metricAlias, metricNumber, scalarValue, type WireMetric } from './sparkplug-codec.ts';

/** The metrics of a node that steer it and are no points, as its last birth names them. */
export class NodeControls {
  bdSeq: number | undefined;
  /** It is a gateway of ours that says what came of a command. */
  takesCommands = false;
  #watermarkAlias: number | undefined;
  readonly #aliases = new Set<number>();

  /** Answers the watermark that the birth holds, if it does. */
  born(metrics: readonly WireMetric[]): WireMetric | undefined {
    const named = (name: string): WireMetric | undefined => metrics.find((metric) => metric.name === name);
    this.bdSeq = bdSeqIn(metrics);
    this.takesCommands = named(nodeMetrics.commandOutcome) !== undefined;
    this.#aliases.clear();
    for (const metric of metrics) {
      const alias = metricAlias(metric);
      if (alias !== undefined && isControlMetric(metric.name ?? '')) this.#aliases.add(alias);
    }
    const watermark = named(nodeMetrics.watermark);
    this.#watermarkAlias = watermark === undefined ? undefined : metricAlias(watermark);
    return watermark;
  }

  isWatermark(metric: WireMetric): boolean {
    const alias = metricAlias(metric);
    return alias === undefined ? metric.name === nodeMetrics.watermark : alias === this.#watermarkAlias;
  }

  /** Positions and counts of our own gateways come by name; they belong to the acknowledgement. */
  has(metric: WireMetric): boolean {
    const alias = metricAlias(metric);
    return alias === undefined ? isControlMetric(metric.name ?? '') : this.#aliases.has(alias);
  }

  /** The wire time that a watermark tells. */
  static timeIn(metric: WireMetric): number | undefined {
    return metricNumber(metric, dataType.dateTime);
  }

  /** What came of a command, or how the outbox stands, as text; undefined: the metric is another. */
  static textIn(metric: WireMetric): string | undefined {
    if (metric.name !== nodeMetrics.commandOutcome && metric.name !== nodeMetrics.outbox) return undefined;
    const text = scalarValue(metric, dataType.string);
    return typeof text === 'string' ? text : undefined;
  }
}

/** Undefined: it says none. */
export function bdSeqIn(metrics: readonly WireMetric[]): number | undefined {
  const metric = metrics.find(({ name }) => name === nodeMetrics.bdSeq);
  return metric === undefined ? undefined : metricNumber(metric);
}
