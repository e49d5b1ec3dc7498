import { testCurve } from './curve-tests.ts';

testCurve('shifted-power', 'M3', 0.0507);
