import { PlantroomError } from '@plantroom/contracts';

/** A request about notifications that cannot be done: with the status to answer and the field it is about. */
export class NotificationRefusal extends PlantroomError {
  readonly statusCode: number;
  readonly field: string | undefined;

  constructor(statusCode: number, code: string, message: string, field?: string) {
    super(code, message);
    this.name = 'NotificationRefusal';
    this.statusCode = statusCode;
    this.field = field;
  }
}
