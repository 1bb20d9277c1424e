/** What the measured pages are held against: the least that a page can do on this machine and in this browser. */

/** A page with one button. */
export const BARE_START = `<!doctype html><div class="header"><div class="popup"></div></div><script>
  const popup = document.querySelector('.popup');
  const button = document.createElement('button');
  button.textContent = 'Menu';
  button.addEventListener('click', () => {
    const panel = document.createElement('p');
    panel.className = 'popup-panel';
    panel.textContent = 'Open';
    popup.append(panel);
  });
  popup.append(button);
</script>`;

/** One painted canvas as large as the plugin's, which follows the pointer and the wheel. */
export const BARE_MOTION = `<!doctype html><style>
    body { margin: 0; overflow: hidden; }
    div { position: absolute; inset: 40px 0 200px; overflow: hidden; }
  </style><div><canvas width="800" height="800" style="width: 400px; height: 400px"></canvas></div><script>
  const canvas = document.querySelector('canvas');
  const context = canvas.getContext('2d');
  for (let y = 0; y < 800; y += 8) {
    for (let x = 0; x < 800; x += 8) {
      context.fillStyle = 'hsl(' + ((x * y) % 360) + ' 60% 50%)';
      context.fillRect(x, y, 8, 8);
    }
  }
  let [scale, x, y] = [1, 0, 0];
  const show = () => (canvas.style.transform = 'translate(' + x + 'px, ' + y + 'px) scale(' + scale + ')');
  addEventListener('pointermove', (event) => {
    if (event.buttons === 0) return;
    x += event.movementX / 2;
    y += event.movementY / 2;
    show();
  });
  addEventListener('wheel', (event) => {
    event.preventDefault();
    scale *= Math.exp(-event.deltaY / 100);
    show();
  }, { passive: false });
</script>`;
