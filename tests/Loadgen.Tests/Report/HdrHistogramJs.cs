using System.Diagnostics;
using Reactor.Testing;

namespace Loadgen.Tests.Report;

/// <summary>
/// Runs JavaScript with the npm package hdr-histogram-js, which .ci/run installs into
/// artifacts/npm: the reference for .hgrm and .hlog.
/// </summary>
internal static class HdrHistogramJs
{
    // The layout of our histogram, with counters of 64 bits.
    private const string Prelude = """
        const hdr = require('hdr-histogram-js');
        const input = require('fs').readFileSync(0, 'utf8');
        const make = () => hdr.build({ lowestDiscernibleValue: 1, bitBucketSize: 64,
          highestTrackableValue: 3600000000000, numberOfSignificantValueDigits: 3 });

        """;

    /// <summary>Runs a script that finds the text in <c>input</c>.</summary>
    /// <returns>Its standard output.</returns>
    public static string Run(string script, string input)
    {
        string node = ExternalTool.Require("node", "nodejs");
        string modules = NpmPackage.Require("hdr-histogram-js", "3.0.1");
        var start = new ProcessStartInfo(node, ["-e", Prelude + script]);
        start.Environment["NODE_PATH"] = modules;
        using ChildProcess child = ChildProcess.Start(start, input);
        (int exitCode, string output, string errors) = child.Finish();
        Assert.That(exitCode, Is.Zero, errors);
        return output;
    }
}
