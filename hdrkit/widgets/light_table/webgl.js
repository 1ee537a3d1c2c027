// Draws panes of tiles by WebGL2. The shader does what looks.js says.

import { CLIPPED, CLIPPED_COLOUR, DIFFERENCE_COLOURS, ERROR_COLOURS, UNDER, UNDER_COLOUR, colourAt } from "./color.js";
import { STRIPE } from "./looks.js";
import { tilesToDraw } from "./scene.js";
import { SQUARES } from "./view.js";

const VERTEX = `#version 300 es
uniform vec4 target, fromA, fromB;  // target: left, top, right, bottom in [-1, 1]
out vec2 placeA, placeB;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(mix(target.xy, target.zw, corner), 0, 1);
  placeA = fromA.xy + corner * fromA.zw;
  placeB = fromB.xy + corner * fromB.zw;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D textureA, textureB, colours;
uniform bool linearA, linearB;
uniform float gainA, gainB, range, height;
uniform int look, overlay;  // look: 0 a picture, 1 a signed difference, 2 an error; overlay: -1 off, 0 any, 1 to 3 a channel
in vec2 placeA, placeB;
out vec4 colour;
vec3 decoded(vec3 v) { return mix(v / 12.92, pow((v + 0.055) / 1.055, vec3(2.4)), greaterThan(v, vec3(0.04045))); }
vec3 encoded(vec3 v) {
  v = clamp(v, 0.0, 1.0);
  return mix(12.92 * v, 1.055 * pow(v, vec3(1.0 / 2.4)) - 0.055, greaterThan(v, vec3(0.0031308)));
}
vec3 seen(vec3 v, bool isLinear, float gain) {
  if (!isLinear && gain == 1.0) return v;
  return encoded((isLinear ? v : decoded(v)) * gain);
}
void main() {
  vec3 a = seen(texture(textureA, placeA).rgb, linearA, gainA);
  if (look == 0) {
    colour = vec4(a, 1);
    if (overlay < 0) return;
    float value = overlay == 0 ? max(a.r, max(a.g, a.b)) : a[overlay - 1];
    bool over = value >= ${CLIPPED - 1e-6}, under = value <= ${UNDER + 1e-6};
    float column = floor(gl_FragCoord.x), row = floor(height - gl_FragCoord.y);
    bool painted = mod(over ? column + row : column - row, ${STRIPE}.0) < ${STRIPE / 2}.0;
    if (painted && over) colour.rgb = ${vector(CLIPPED_COLOUR)};
    if (painted && under) colour.rgb = ${vector(UNDER_COLOUR)};
    return;
  }
  vec3 b = seen(texture(textureB, placeB).rgb, linearB, gainB);
  vec3 apart = 255.0 * (look == 1 ? a - b : abs(a - b));
  float mean = (apart.r + apart.g + apart.b) / 3.0;
  float place = look == 1 ? 0.5 + mean / (2.0 * range) : mean / range;
  colour = vec4(texture(colours, vec2((clamp(place, 0.0, 1.0) * 255.0 + 0.5) / 256.0, look == 1 ? 0.25 : 0.75)).rgb, 1);
}`;

function vector(rgb) {
  return `vec3(${rgb.map((value) => (value / 255).toFixed(6)).join(", ")})`;
}

function shader(gl, type, text) {
  const made = gl.createShader(type);
  gl.shaderSource(made, text);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made));
  return made;
}

function program(gl) {
  const made = gl.createProgram();
  gl.attachShader(made, shader(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(made, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(made);
  return made;
}

const IMITATIONS = /swiftshader|llvmpipe|softpipe|basic render/i;

// Whether a graphics card draws. A processor that imitates one is slower than the 2D canvas.
export function hasGraphicsCard() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  const about = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = about ? gl.getParameter(about.UNMASKED_RENDERER_WEBGL) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl) && !IMITATIONS.test(name);
}

export class WebGLRenderer {
  // Throws where the browser has no WebGL2.
  constructor(canvas, background) {
    this.canvas = canvas;
    this.background = background;
    this.gl = canvas.getContext("webgl2", { alpha: false, antialias: false, preserveDrawingBuffer: true });
    if (!this.gl) throw new Error("no WebGL2");
    this.textures = new Map(); // of tiles that were drawn lately
    this.#prepare();
  }

  #prepare() {
    const { gl } = this;
    this.textures.clear();
    this.program = program(gl);
    gl.useProgram(this.program);
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.uniforms = Object.fromEntries(
      ["target", "fromA", "fromB", "linearA", "linearB", "gainA", "gainB", "range", "height", "look", "overlay"]
        .map((name) => [name, gl.getUniformLocation(this.program, name)]),
    );
    ["textureA", "textureB", "colours"].forEach((name, unit) => gl.uniform1i(gl.getUniformLocation(this.program, name), unit));
    this.#prepareColours();
  }

  #prepareColours() {
    const { gl } = this;
    const rows = [DIFFERENCE_COLOURS, ERROR_COLOURS].flatMap((colours) =>
      Array.from({ length: 256 }, (_, i) => colourAt(colours, i / 255)).flat().map(Math.round));
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 2, 0, gl.RGB, gl.UNSIGNED_BYTE, new Uint8Array(rows));
    this.#filter(gl.LINEAR);
  }

  #filter(kind) {
    const { gl } = this;
    for (const when of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, when, kind);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  }

  // `state`: {panes, view, store, picturesOf, pushOf, overlay, range}.
  draw(state) {
    const { gl, canvas, uniforms } = this;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(...this.background, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.uniform1f(uniforms.range, state.range);
    gl.uniform1f(uniforms.height, canvas.height);
    gl.uniform1i(uniforms.overlay, ["any", "red", "green", "blue"].indexOf(state.overlay));
    const used = new Set();
    for (const tile of tilesToDraw(state.panes, state.view, state.store, state.picturesOf)) this.#drawTile(tile, state, used);
    this.#forget(used);
  }

  #drawTile({ pane, zoom, target, sources }, state, used) {
    const { gl, canvas, uniforms } = this;
    const [x, y, width, height] = pane.clip;
    gl.scissor(x, canvas.height - y - height, width, height);
    const filter = zoom >= SQUARES ? gl.NEAREST : gl.LINEAR;
    const horizontal = (place) => (2 * place) / canvas.width - 1;
    const vertical = (place) => 1 - (2 * place) / canvas.height;
    const [left, top, w, h] = target;
    gl.uniform4f(uniforms.target, horizontal(left), vertical(top), horizontal(left + w), vertical(top + h));
    gl.uniform1i(uniforms.look, ["difference", "error"].indexOf(pane.look) + 1);
    const pushes = state.pushOf(pane.look);
    [sources[0], sources[1] ?? sources[0]].forEach(({ tile, from }, unit) => {
      const name = unit ? "B" : "A";
      used.add(tile);
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, this.#texture(tile));
      this.#filter(filter);
      const { columns, rows } = tile;
      gl.uniform4f(uniforms[`from${name}`], from[0] / columns, from[1] / rows, from[2] / columns, from[3] / rows);
      gl.uniform1i(uniforms[`linear${name}`], tile.linear ? 1 : 0);
      gl.uniform1f(uniforms[`gain${name}`], 2 ** (pushes[unit] ?? 0));
    });
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  #texture(tile) {
    const { gl } = this;
    if (!this.textures.has(tile)) {
      const made = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, made);
      const { columns, rows, data, kind } = tile;
      if (kind === "uint8") gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, columns, rows, 0, gl.RGB, gl.UNSIGNED_BYTE, data);
      else if (kind === "float16") gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB16F, columns, rows, 0, gl.RGB, gl.HALF_FLOAT, data);
      else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB16F, columns, rows, 0, gl.RGB, gl.FLOAT, Float32Array.from(data, (v) => v / 65535));
      this.textures.set(tile, made);
    }
    return this.textures.get(tile);
  }

  // Keep what this frame used and a few hundred tiles more.
  #forget(used) {
    for (const [tile, texture] of this.textures) {
      if (this.textures.size <= 400) return;
      if (used.has(tile)) continue;
      this.gl.deleteTexture(texture);
      this.textures.delete(tile);
    }
  }

  restore() {
    this.#prepare();
  }

  end() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
