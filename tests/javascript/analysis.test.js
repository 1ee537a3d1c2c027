import assert from "node:assert/strict";
import test from "node:test";
import { analysed, histogram, psnr, ssim } from "../../hdrkit/widgets/light_table/analysis.js";
import { storeOf } from "./fixtures.js";

const [WIDTH, HEIGHT] = [16, 12];
const flat = (value) => new Array(WIDTH * HEIGHT * 3).fill(value);

test("PSNR of pictures 10 levels apart is 28.13 dB", () => {
  assert.ok(Math.abs(psnr(flat(100 / 255), flat(110 / 255)) - 28.13) < 0.005);
  assert.equal(psnr(flat(0.5), flat(0.5)), "inf");
});

test("SSIM is 1 for equal pictures and not defined for less than 11 pixels", () => {
  const ramp = flat(0).map((_, i) => (i % 97) / 97);
  assert.ok(Math.abs(ssim(ramp, ramp, WIDTH, HEIGHT) - 1) < 1e-12);
  assert.equal(ssim(flat(0), flat(0), 10, 40), null);
});

test("a histogram counts in eighths of a stop from middle grey", () => {
  const counts = histogram([0.18, 0.36, 0.0001, 0.18, 100, 0]);
  assert.equal(counts[0][64], 2);
  assert.equal(counts[1][72], 1);
  assert.equal(counts[1][95], 1);
  assert.equal(counts[2][0], 2);
});

test("the control is the untouched picture, whatever the push", async () => {
  const store = await storeOf([40, 40, 90].map((value) => ({ kind: "uint8", values: flat(value) })), [WIDTH, HEIGHT]);
  const asked = { left: 0, right: 2, control: 1, rectangle: [2, 2, 5, 5] };
  const still = analysed(store, { ...asked, push: 0 }).numbers;
  const pushed = analysed(store, { ...asked, push: 1 }).numbers;
  assert.deepEqual(still.map(({ what }) => what), ["whole", "rectangle"]);
  assert.equal(still[0].psnr, still[0].control_psnr);
  assert.ok(pushed[0].psnr > still[0].psnr);
  assert.equal(pushed[0].control_psnr, still[0].control_psnr);
  assert.equal(still[1].ssim, null);
});
