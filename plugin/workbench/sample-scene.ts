/**
 * The sample image: a table seen from above, with things that overlap, have holes, and lie on texture. Drawn here rather
 * than photographed, so that it is ours; the same code gives the same bytes.
 */
const WIDTH = 1200;
const HEIGHT = 800;

/** Where the light falls on round things, and where it sinks into hollow ones. */
const BULGE = 'cx=".38" cy=".34" r=".72"';
const HOLLOW = 'cx=".6" cy=".64" r=".62"';
const DOWN = 'x1="0" y1="0" x2="0" y2="1"';
const ACROSS = 'x1="0" y1="0" x2="1" y2="1"';

/** @returns An SVG file, WIDTH × HEIGHT. */
export function drawSample(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs>${gradients()}${filters()}${weave()}</defs>
${table()}${cloth()}${plate()}${donut()}${mug()}${spoon()}${orange(905, 560, 96)}${orange(1060, 470, 84)}
${leaf()}${apple()}${banana()}${scissors()}${light()}
</svg>`;
}

/** A thing on the table: its soft shadow, then itself. Light comes from the upper left. */
function thing(outline: string, body: string, lift = 1): string {
  return `<g transform="translate(${10 * lift} ${14 * lift})" filter="url(#soft)" opacity=".42"><path d="${outline}" fill="#20140c" fill-rule="evenodd"/></g>${body}`;
}

function disc(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

function gradients(): string {
  return [
    gradient('linear', 'wood', DOWN, '0 #b98556', '1 #a06d42'),
    gradient('linear', 'linen', ACROSS, '0 #e9e4d6', '1 #d5cebc'),
    gradient('radial', 'china', BULGE, '0 #ffffff', '.7 #f1efea', '1 #d8d4cb'),
    gradient('radial', 'well', HOLLOW, '0 #e6e2da', '.85 #f6f4ef', '1 #ffffff'),
    gradient('radial', 'dough', BULGE, '0 #f0bd78', '.7 #d9964c', '1 #a8652a'),
    gradient('radial', 'icing', BULGE, '0 #ffb3cf', '.7 #f483ae', '1 #d65a8c'),
    gradient('radial', 'glaze', BULGE, '0 #5fa8b8', '.75 #3b8193', '1 #235666'),
    gradient('radial', 'coffee', HOLLOW, '0 #6b3d20', '.6 #4a2712', '1 #2d1508'),
    gradient('radial', 'orange', BULGE, '0 #ffc15e', '.45 #fb9a2a', '.85 #e4750f', '1 #b95405'),
    gradient('radial', 'apple', BULGE, '0 #f4705a', '.45 #d5302c', '.85 #a8161f', '1 #730b16'),
    gradient('linear', 'banana', DOWN, '0 #ffe680', '.5 #f7cc3b', '1 #c9931a'),
    gradient('linear', 'steel', ACROSS, '0 #f4f6f8', '.5 #b9c0c7', '1 #858d96'),
    gradient('linear', 'grip', ACROSS, '0 #f05b41', '1 #b02c1b'),
    gradient('linear', 'leaf', ACROSS, '0 #8cc152', '1 #3f7a2c'),
    gradient('radial', 'sun', 'cx=".15" cy=".05" r="1"', '0 #fff3d6', '1 #fff3d600'),
    gradient('radial', 'dusk', 'cx=".42" cy=".4" r=".8"', '.55 #1a0d0500', '1 #1a0d05'),
  ].join('');
}

/** @param stops Each an offset and a colour: ".5 #ff0000". */
function gradient(kind: 'linear' | 'radial', id: string, place: string, ...stops: string[]): string {
  const body = stops
    .map((stop) => stop.split(' '))
    .map(([offset, color]) => `<stop offset="${offset}" stop-color="${color}"/>`);
  return `<${kind}Gradient id="${id}" ${place}>${body.join('')}</${kind}Gradient>`;
}

function filters(): string {
  return `<filter id="soft" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="11"/></filter>
<filter id="haze" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="7"/></filter>
<filter id="grainy"><feTurbulence type="fractalNoise" baseFrequency=".004 .09" numOctaves="3" seed="7"/>
<feColorMatrix values="0 0 0 0 .28  0 0 0 0 .14  0 0 0 0 .05  0 0 0 1.1 -.42"/></filter>`;
}

/** Threads of the cloth, crossing. */
function weave(): string {
  return `<pattern id="weave" width="6" height="6" patternUnits="userSpaceOnUse">
<path d="M0 1.5h6M0 4.5h6" stroke="#ffffff" stroke-opacity=".28"/><path d="M1.5 0v6M4.5 0v6" stroke="#8d8468" stroke-opacity=".2"/></pattern>`;
}

function table(): string {
  const seams = [0, 1, 2, 3].map((i) => 190 + i * 200);
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#wood)"/>
<rect width="${WIDTH}" height="${HEIGHT}" filter="url(#grainy)" opacity=".55"/>
${seams.map((y) => `<path d="M0 ${y}H${WIDTH}" stroke="#5c3a1e" stroke-width="3"/><path d="M0 ${y + 2.5}H${WIDTH}" stroke="#d9a878" stroke-width="1.5"/>`).join('')}`;
}

function cloth(): string {
  const outline =
    'M64 150C230 118 420 138 590 112C680 100 742 118 770 132C790 260 752 400 778 540C784 610 792 660 776 708C600 742 420 716 250 738C170 748 110 740 78 722C50 560 84 420 58 290C54 230 52 190 64 150Z';
  const stripes = [150, 182, 640, 672]
    .map(
      (x) =>
        `<path d="M${x} 60C${x + 14} 300 ${x - 14} 520 ${x + 6} 780" stroke="#4f7596" stroke-width="14" stroke-opacity=".75" fill="none"/>`,
    )
    .join('');
  const folds = `<path d="M330 120C300 320 380 520 340 740" stroke="#6f6550" stroke-opacity=".35" stroke-width="16" fill="none" filter="url(#haze)"/><path d="M318 120C288 320 368 520 328 740" stroke="#ffffff" stroke-opacity=".6" stroke-width="9" fill="none" filter="url(#haze)"/>`;
  return `<clipPath id="cloth"><path d="${outline}"/></clipPath>${thing(
    outline,
    `<path d="${outline}" fill="url(#linen)"/><g clip-path="url(#cloth)">${stripes}${folds}<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#weave)"/></g>`,
    0.5,
  )}`;
}

function plate(): string {
  return thing(
    disc(330, 420, 216),
    `<path d="${disc(330, 420, 216)}" fill="url(#china)"/><path d="${disc(330, 420, 150)}" fill="url(#well)"/>
<path d="${disc(330, 420, 150)}" fill="none" stroke="#b8b2a6" stroke-opacity=".7" stroke-width="2"/>
<path d="${disc(330, 420, 206)}" fill="none" stroke="#3f6f96" stroke-width="4"/>`,
  );
}

function donut(): string {
  const ring = `${disc(318, 424, 118)}${disc(318, 424, 40)}`;
  const icing =
    'M218 424C214 360 262 318 322 318C384 316 424 366 420 424C424 452 410 474 396 490C382 508 362 504 346 518C326 534 300 526 284 516C262 510 240 508 232 480C220 464 220 444 218 424Z';
  const sprinkles = ['#fff1a8', '#7fd3e8', '#ffffff', '#a6e07c', '#f9d14a'];
  const dots = Array.from({ length: 46 }, (_, i) => {
    // The golden angle spreads them evenly without a pattern.
    const angle = i * 2.39996;
    const radius = 56 + ((i * 37) % 41);
    const x = 318 + radius * Math.cos(angle);
    const y = 422 + radius * Math.sin(angle);
    return `<rect x="${(x - 7).toFixed(1)}" y="${(y - 2.5).toFixed(1)}" width="14" height="5" rx="2.5" fill="${sprinkles[i % 5]}" transform="rotate(${(i * 71) % 180} ${x.toFixed(1)} ${y.toFixed(1)})"/>`;
  }).join('');
  return thing(
    ring,
    `<path d="${ring}" fill="url(#dough)" fill-rule="evenodd"/><path d="${icing}${disc(318, 424, 47)}" fill="url(#icing)" fill-rule="evenodd"/>
<path d="M248 380C262 350 290 336 318 334" stroke="#ffffff" stroke-opacity=".7" stroke-width="9" stroke-linecap="round" fill="none" filter="url(#haze)"/>${dots}`,
    0.6,
  );
}

function mug(): string {
  const handle =
    'M668 196C716 172 782 182 788 232C792 282 730 304 676 284L672 262C716 274 754 262 752 234C750 206 708 204 676 220Z';
  const body = disc(600, 240, 104);
  return thing(
    `${body}${handle}`,
    `<path d="${handle}" fill="url(#glaze)"/><path d="${body}" fill="url(#glaze)"/><path d="${disc(600, 240, 92)}" fill="#1f4f5e"/>
<path d="${disc(602, 243, 84)}" fill="url(#coffee)"/><path d="M540 222C552 190 578 172 606 170" stroke="#e7c39c" stroke-opacity=".55" stroke-width="7" stroke-linecap="round" fill="none" filter="url(#haze)"/>
<path d="M512 210C526 168 560 146 598 143" stroke="#d7f2f5" stroke-opacity=".9" stroke-width="5" stroke-linecap="round" fill="none"/>`,
    1.3,
  );
}

function spoon(): string {
  const outline =
    'M566 640C540 634 522 616 528 598C534 580 560 576 586 586C604 592 614 602 622 612L744 672C756 678 752 694 738 690L608 634C594 640 580 642 566 640Z';
  return thing(
    outline,
    `<path d="${outline}" fill="url(#steel)"/><path d="M548 606C556 594 578 594 596 606C600 616 588 628 568 626C552 624 544 616 548 606Z" fill="#8f98a1" opacity=".75"/><path d="M622 618L738 676" stroke="#ffffff" stroke-width="3" stroke-opacity=".8"/>`,
    0.4,
  );
}

function orange(x: number, y: number, r: number): string {
  return thing(
    disc(x, y, r),
    `<path d="${disc(x, y, r)}" fill="url(#orange)"/><ellipse cx="${x - r * 0.34}" cy="${y - r * 0.4}" rx="${r * 0.24}" ry="${r * 0.15}" fill="#fff6df" opacity=".75" transform="rotate(-38 ${x - r * 0.34} ${y - r * 0.4})" filter="url(#haze)"/>
<circle cx="${x + r * 0.12}" cy="${y + r * 0.08}" r="${r * 0.07}" fill="#6c7a2a"/><path d="M${x + r * 0.02} ${y + r * 0.08}h${r * 0.2}M${x + r * 0.12} ${y - r * 0.02}v${r * 0.2}" stroke="#3f4c14" stroke-width="3"/>`,
    1.2,
  );
}

function leaf(): string {
  const outline =
    'M1000 372C1010 330 1058 306 1120 316C1126 366 1076 404 1016 396C1006 394 998 384 1000 372Z';
  return thing(
    outline,
    `<path d="${outline}" fill="url(#leaf)"/><path d="M1006 388C1040 366 1080 340 1116 320M1040 368l2-30M1064 352l2-26M1050 362l28 10" stroke="#d3ecb0" stroke-opacity=".8" stroke-width="2.5" fill="none"/>`,
    0.4,
  );
}

function apple(): string {
  const outline =
    'M932 118C956 100 1010 104 1034 146C1058 196 1030 268 984 280C962 286 948 276 930 278C884 284 838 236 844 176C848 128 894 100 932 118Z';
  return thing(
    outline,
    `<path d="${outline}" fill="url(#apple)"/><ellipse cx="938" cy="176" rx="34" ry="24" fill="#5a0a10" opacity=".55" filter="url(#haze)"/>
<path d="M936 180C938 156 950 136 972 122" stroke="#4d3216" stroke-width="8" stroke-linecap="round" fill="none"/><path d="M936 178C938 156 950 138 970 124" stroke="#9b7440" stroke-width="3" stroke-linecap="round" fill="none"/>
<path d="M872 178C876 152 888 138 906 132" stroke="#ffe1d8" stroke-opacity=".85" stroke-width="12" stroke-linecap="round" fill="none" filter="url(#haze)"/>`,
    1.2,
  );
}

function banana(): string {
  const outline =
    'M792 706C850 748 960 758 1044 714C1092 690 1122 650 1128 612L1146 604C1150 606 1150 610 1148 614C1152 668 1120 728 1062 764C970 812 844 794 786 732C778 722 780 706 792 706Z';
  return thing(
    outline,
    `<path d="${outline}" fill="url(#banana)"/><path d="M796 716C870 766 970 772 1056 726C1104 700 1130 660 1138 616" stroke="#a97a12" stroke-opacity=".7" stroke-width="4" fill="none"/>
<path d="M1128 612L1146 604C1150 606 1150 610 1148 614L1146 628L1128 626Z" fill="#6d4f17"/><path d="M782 712C786 704 796 706 800 712L796 732C788 734 780 724 782 712Z" fill="#5c4316"/>
<path d="M850 742C910 762 980 756 1036 730" stroke="#fff7cc" stroke-opacity=".75" stroke-width="9" stroke-linecap="round" fill="none" filter="url(#haze)"/>`,
    0.9,
  );
}

/** Two blades on a pivot, and two grips with holes for the fingers. */
function scissors(): string {
  const grip = (flip: number) =>
    `M${0} 66C${flip * 14} 84 ${flip * 18} 96 ${flip * 20} 112C${flip * 24} 150 ${flip * 62} 172 ${flip * 84} 150C${flip * 106} 126 ${flip * 88} 84 ${flip * 52} 76C${flip * 40} 74 ${flip * 26} 66 ${flip * 12} 50Z` +
    `M${flip * 40} 96C${flip * 66} 94 ${flip * 82} 120 ${flip * 70} 138C${flip * 56} 152 ${flip * 36} 136 ${flip * 34} 112C${flip * 34} 104 ${flip * 35} 99 ${flip * 40} 96Z`;
  const blade = (flip: number) =>
    `M${flip * 8} 62L${flip * -46} -168C${flip * -44} -176 ${flip * -36} -176 ${flip * -32} -170L${flip * 20} 44Z`;
  const parts = [grip(-1), grip(1)].join('');
  const outline = `${blade(1)}${blade(-1)}`;
  const placed = 'translate(880 380) rotate(-62) scale(1.05)';
  return `<g transform="${placed}"><g transform="translate(-2 13)" filter="url(#soft)" opacity=".45"><path d="${outline}" fill="#20140c"/><path d="${parts}" fill="#20140c" fill-rule="evenodd"/></g>
<path d="${blade(-1)}" fill="url(#steel)"/><path d="${grip(-1)}" fill="url(#grip)" fill-rule="evenodd"/><path d="${blade(1)}" fill="url(#steel)" stroke="#6e757c" stroke-width="1"/><path d="${grip(1)}" fill="url(#grip)" fill-rule="evenodd"/>
<circle cy="36" r="9" fill="#dfe4e8" stroke="#60676e" stroke-width="2"/><path d="M-5 36h10" stroke="#60676e" stroke-width="2"/></g>`;
}

/** Warm light from the upper left, and corners that fall off a little. */
function light(): string {
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sun)" opacity=".22"/><rect width="${WIDTH}" height="${HEIGHT}" fill="url(#dusk)" opacity=".4"/>`;
}
