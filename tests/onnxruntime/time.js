// node time.js MODEL.onnx N,C,H,W THREADS SECONDS: median milliseconds of ONNX Runtime for one run
const ort = require('onnxruntime-node');

const [model, shape, threads, seconds] = process.argv.slice(2);
(async () => {
  const extents = shape.split(',').map(Number);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(threads), graphOptimizationLevel: 'all' });
  const values = new Float32Array(extents.reduce((a, b) => a * b)).map(() => Math.random() - 0.5);
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, extents) };
  const times = [];
  for (let spent = 0; spent < Number(seconds) * 1000 || times.length < 5;) {
    const begin = process.hrtime.bigint();
    await session.run(feeds);
    const took = Number(process.hrtime.bigint() - begin) / 1e6;
    spent += took;
    times.push(took);
  }
  times.sort((a, b) => a - b);
  console.log(times[times.length >> 1].toFixed(3));
})().catch(e => { console.error(e.message); process.exit(1); });
