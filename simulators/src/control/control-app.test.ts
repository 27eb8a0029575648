import { describe, expect, it } from 'vitest';
import { onePump } from './test-helpers/one-pump.ts';

const fault = { equipment: 'pump-1', fault: 'bearing-wear' };

describe('the control interface', () => {
  it('sets a fault, shows it, and takes it away', async () => {
    const control = onePump();
    const set = await control.inject({ method: 'POST', url: '/faults', body: fault });
    expect(set.statusCode).toBe(201);
    const { id } = set.json<{ id: string }>();
    const shown = await control.inject('/faults');
    expect(shown.json().active).toMatchObject([{ ...fault, id, severity: 1, rampS: 0, level: 1 }]);
    const gone = await control.inject({ method: 'DELETE', url: `/faults/${id}` });
    expect(gone.statusCode).toBe(200);
    expect((await control.inject('/faults')).json().active).toEqual([]);
  });

  it('answers 404 for a fault that is not on, naming those that are', async () => {
    const control = onePump();
    await control.inject({ method: 'POST', url: '/faults', body: fault });
    const answer = await control.inject({ method: 'DELETE', url: '/faults/fault-9' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'FAULT_NOT_ACTIVE', message: expect.stringContaining('fault-1') });
  });

  it.each([
    [{ ...fault, equipment: 'pump-9' }, 404, 'FAULT_EQUIPMENT_UNKNOWN', 'pump-1'],
    [{ ...fault, fault: 'rust' }, 400, 'FAULT_UNKNOWN', 'bearing-wear'],
    [{ ...fault, fault: 'smoke' }, 400, 'FAULT_NOT_APPLICABLE', 'bearing-wear'],
    [{ ...fault, severity: 1.5 }, 400, 'BODY_INVALID', 'severity must be <= 1 and is 1.5; allowed: {equipment'],
    [{ ...fault, severity: '1' }, 400, 'BODY_INVALID', 'severity'],
    [{ ...fault, ramp: 5 }, 400, 'BODY_INVALID', 'rampS'],
    [{ equipment: 'pump-1' }, 400, 'BODY_INVALID', 'fault'],
  ])('refuses %j with what is allowed', async (body, status, code, allowed) => {
    const answer = await onePump().inject({ method: 'POST', url: '/faults', body });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ statusCode: status, code, message: expect.stringContaining(allowed) });
  });

  it('accelerates the time of the building, within what is allowed', async () => {
    const control = onePump();
    const set = await control.inject({ method: 'PUT', url: '/time', body: { rate: 60 } });
    expect([set.statusCode, set.json().rate]).toEqual([200, 60]);
    const answer = await control.inject({ method: 'PUT', url: '/time', body: { rate: 5000 } });
    expect(answer.json()).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('allowed: {rate 0..3600}'),
    });
  });

  it.each([
    [{ origin: 'http://evil.example' }, 'Origin is "http://evil.example"'],
    [{ host: 'plantroom.example' }, 'Host is "plantroom.example"'],
    [{ origin: 'http://localhost:81', host: 'localhost:80' }, 'Origin is "http://localhost:81"'],
  ])('refuses %j, whatever is asked', async (headers, message) => {
    const control = onePump();
    for (const [method, url] of [
      ['GET', '/'],
      ['POST', '/faults'],
      ['PUT', '/time'],
    ] as const) {
      const answer = await control.inject({ method, url, headers, ...(method === 'GET' ? {} : { body: fault }) });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'ORIGIN_FOREIGN', message: expect.stringContaining(message) });
    }
    expect((await control.inject('/faults')).json().active).toEqual([]);
  });

  it('has a page that takes nothing from elsewhere', async () => {
    const page = await onePump().inject('/');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    for (const [, path] of page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await onePump().inject(path!)).statusCode, path).toBe(200);
    const script = await onePump().inject('/page.js');
    const imported = [...script.body.matchAll(/from '\.(\/[^']+)'/g)];
    expect(imported.length).toBeGreaterThan(0);
    for (const [, path] of imported) expect((await onePump().inject(path!)).statusCode, path).toBe(200);
  });

  it('names its routes to who asks for another', async () => {
    const answer = await onePump().inject('/fault');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'ROUTE_UNKNOWN', message: expect.stringContaining('GET /faults') });
  });
});
