import { readConfig } from '../../src/config';
import { parseNetworks } from '../../src/delivery/address-guard';
import { createEgress, type Egress, type EgressSettings } from '../../src/delivery/egress';

/** The settings of an installation that has set nothing. */
export const strictEgress: EgressSettings = readConfig({}, {}).egress;

/** Settings with which the receivers of tests may be called, as an installation would have it: by the allow-list. */
export function testEgressSettings(settings: Partial<EgressSettings> = {}): EgressSettings {
  return { ...strictEgress, allowedNetworks: parseNetworks('127.0.0.0/8'), allowHttp2: true, ...settings };
}

export function testEgress(settings: Partial<EgressSettings> = {}): Egress {
  return createEgress(testEgressSettings(settings));
}
