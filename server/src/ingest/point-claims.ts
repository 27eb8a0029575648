interface Claim {
  owner: string;
  isThere(): boolean;
}

/** Who may speak for a point that is mapped: one device of one node, until that is gone. Two would mix their values. */
export class PointClaims {
  readonly #claims = new Map<string, Claim>();

  claim(point: string, claim: Claim): boolean {
    const held = this.#claims.get(point);
    if (held !== undefined && held.owner !== claim.owner && held.isThere()) return false;
    this.#claims.set(point, claim);
    return true;
  }
}
