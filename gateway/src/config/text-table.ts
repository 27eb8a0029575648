export interface TextColumn {
  title: string;
  /** Numbers stand under each other at their right end; left out: left. */
  right?: boolean;
}

/** Columns under their titles, two spaces apart. Cells are ASCII or single-width. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((line) =>
    columns
      .map(({ right = false }, i) => (line[i] ?? '')[right ? 'padStart' : 'padEnd'](widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
