// node run.js MODEL.onnx INPUT.f32 N,C,H,W OUTPUT.f32: what ONNX Runtime makes of an input
const ort = require('onnxruntime-node');
const fs = require('fs');

const [model, input, shape, output] = process.argv.slice(2);
(async () => {
  const bytes = fs.readFileSync(input);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
  const result = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', values, shape.split(',').map(Number)) });
  const data = result[session.outputNames[0]].data;
  fs.writeFileSync(output, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
})().catch(e => { console.error(e.message); process.exit(1); });
