import { calledBed, dialInBed } from '../test-helpers/line-beds.ts';
import { describeModbusLine } from './line-contract.ts';

describeModbusLine('TCP', () => calledBed('tcp'));
describeModbusLine('serial frames over TCP', () => calledBed('rtu-over-tcp'));
describeModbusLine('a line that a DTU dials, with serial frames', () => dialInBed('rtu'));
describeModbusLine('a line that a DTU dials, with TCP frames', () => dialInBed('tcp'));
