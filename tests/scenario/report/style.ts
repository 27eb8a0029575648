/** Mostly grey: colour belongs to alarms. Light and dark follow the reader's system. */
export const style = `
:root{color-scheme:light dark;--canvas:226 229 232;--panel:241 243 244;--raised:252 252 253;--line:200 205 210;--edge:122 130 138;--ink:30 34 39;--dim:68 75 82;--faint:88 95 103;--band:205 211 217;--brand:38 84 150;--critical:196 32 26;--high:196 88 0;--medium:148 112 0;--low:0 118 140}
@media (prefers-color-scheme:dark){:root{--canvas:20 22 25;--panel:29 32 36;--raised:40 44 49;--line:56 61 67;--edge:112 120 129;--ink:221 224 228;--dim:171 177 185;--faint:143 150 159;--band:62 68 75;--brand:132 176 232;--critical:240 74 64;--high:245 146 48;--medium:240 208 64;--low:64 200 222}}
*{box-sizing:border-box}
body{margin:0;background:rgb(var(--canvas));color:rgb(var(--ink));font:14px/1.5 "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1200px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:22px;margin:0}h2{font-size:18px;margin:0}h3{font-size:13px;font-weight:600;color:rgb(var(--dim));margin:20px 0 6px}
header{display:flex;justify-content:space-between;align-items:baseline;gap:16px;margin-bottom:16px}
a{color:rgb(var(--brand));text-decoration:none}a:hover{text-decoration:underline}:focus-visible{outline:2px solid rgb(var(--brand))}
.languages label{cursor:pointer;padding:2px 8px;border:1px solid rgb(var(--line));border-radius:4px;background:rgb(var(--panel))}
.languages input{position:absolute;opacity:0}.languages input:checked+label{border-color:rgb(var(--edge));background:rgb(var(--raised));font-weight:600}
.languages input:focus-visible+label{outline:2px solid rgb(var(--brand))}
html:has(#in-zh:checked) .en,html:has(#in-en:checked) .zh{display:none}
.panel{background:rgb(var(--panel));border:1px solid rgb(var(--line));border-radius:6px;padding:16px 20px;margin-top:16px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;color:rgb(var(--dim));font-size:12px}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid rgb(var(--line));vertical-align:top}tr:last-child td{border-bottom:0}
td.number,th.number{text-align:right;white-space:nowrap}code{font:12px ui-monospace,Menlo,Consolas,monospace;color:rgb(var(--dim))}
.about{color:rgb(var(--dim));margin:4px 0 0;max-width:80ch}.facts{display:flex;flex-wrap:wrap;gap:4px 24px;color:rgb(var(--dim));font-size:12px;margin-top:8px}
.verdict{font-weight:600;white-space:nowrap}.bad{border-left:4px double rgb(var(--ink));padding-left:8px}
ul.complaints{margin:12px 0 0;padding-left:20px}
svg{display:block;width:100%;min-width:720px;height:auto}svg text{fill:rgb(var(--dim));font-size:11px}svg .name{fill:rgb(var(--ink))}
.grid{stroke:rgb(var(--line));stroke-width:1}.zero{stroke:rgb(var(--edge));stroke-dasharray:3 3}.lane{fill:rgb(var(--raised))}
.span{fill:rgb(var(--band));stroke:rgb(var(--edge))}.level{fill:none;stroke:rgb(var(--ink));stroke-width:1.2}
.critical{fill:rgb(var(--critical));stroke:rgb(var(--critical))}.high{fill:rgb(var(--high));stroke:rgb(var(--high))}.medium{fill:rgb(var(--medium));stroke:rgb(var(--medium))}.low{fill:rgb(var(--low));stroke:rgb(var(--low))}
.afterwards{fill-opacity:0.15}.trend{fill:none;stroke:rgb(var(--ink));stroke-width:1.3;vector-effect:non-scaling-stroke}.onset{stroke:rgb(var(--edge));stroke-dasharray:2 3}
.trends{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:12px}.trends figure{margin:0;background:rgb(var(--raised));border:1px solid rgb(var(--line));border-radius:4px;padding:8px 10px}
.trends svg{min-width:0}figcaption{display:flex;justify-content:space-between;gap:8px;font-size:12px;color:rgb(var(--dim))}
@media print{.panel{break-inside:avoid}}
`;
