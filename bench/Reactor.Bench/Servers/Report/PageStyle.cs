namespace Reactor.Bench.Servers.Report;

/// <summary>
/// The look of the page, in light and dark. A peer has the same colour in every picture. Of two
/// related peers one has a broken line, so that a reader need not tell the colours apart.
/// </summary>
internal static class PageStyle
{
    public const string Text = """
        :root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --page: #ffffff;
          --line: #d1d9e0; --floor: #6e7781; --nginx: #1a7f37; --epoll: #c8102e; --sockets: #bc4c00;
          --kestrel: #6639ba; --hyper: #8a5a00; --fasthttp: #a3317f; --node: #0f766e;
          --uvloop: #0550ae; --asyncio: #2f81d6; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1;
          --page: #0d1117; --line: #3d444d; --floor: #9ea7b3; --nginx: #56d364; --epoll: #ff7b86;
          --sockets: #ffa657; --kestrel: #c297ff; --hyper: #e3b341; --fasthttp: #f778ba;
          --node: #4fd1c5; --uvloop: #79c0ff; --asyncio: #58a6ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text);
          font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
        a { color: var(--uvloop); } nav ul { padding-left: 1.2rem; }
        pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); border-radius: 6px; }
        .charts { display: grid; gap: 1.5rem;
          grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
        figure { margin: 0; max-width: 30rem; } figure.wide { max-width: 40rem; }
        figcaption { font-weight: 600; margin-bottom: .3rem; }
        svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
        svg text { fill: var(--text); } .value { text-anchor: end; }
        svg .tick, svg .unit { fill: var(--faint); font-size: 11px; }
        .left { text-anchor: end; } .below { text-anchor: middle; }
        .grid { stroke: var(--line); } .range { stroke: var(--text); stroke-width: 1.5; }
        .bar, .dot { fill: var(--c); } .series { fill: none; stroke: var(--c); stroke-width: 2; }
        .key { display: inline-block; width: 1.8rem; margin-right: .4rem; vertical-align: middle;
          border-top: 3px solid var(--c); }
        .series.p-sockets, .series.p-asyncio { stroke-dasharray: 6 4; }
        .series[class*="p-before-"], .series.p-headers-0 { stroke-dasharray: 2 3; }
        .key.p-sockets, .key.p-asyncio { border-top-style: dashed; }
        .key[class*="p-before-"], .key.p-headers-0 { border-top-style: dotted; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; }
        .p-floor { --c: var(--floor); } .p-nginx { --c: var(--nginx); }
        .p-epoll, .p-epoll-native, .p-before-epoll { --c: var(--epoll); }
        .p-sockets, .p-sockets-native, .p-before-sockets { --c: var(--sockets); }
        .p-headers-0, .p-headers-3 { --c: var(--node); }
        .p-kestrel, .p-kestrel-ready { --c: var(--kestrel); }
        .p-hyper { --c: var(--hyper); } .p-fasthttp { --c: var(--fasthttp); }
        .p-node { --c: var(--node); } .p-uvloop { --c: var(--uvloop); }
        .p-asyncio { --c: var(--asyncio); }
        .scroll { overflow-x: auto; margin-top: 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right;
          white-space: nowrap; vertical-align: top; }
        th:first-child { text-align: left; } td small { display: block; color: var(--faint);
          max-width: 16rem; white-space: normal; margin-left: auto; }
        """;
}
