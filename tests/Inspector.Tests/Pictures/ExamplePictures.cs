using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pictures;

/// <summary>The pictures of docs/pictures.md, with their paths.</summary>
internal static class ExamplePictures
{
    public static IEnumerable<(string Path, byte[] Content)> All()
    {
        LoopTrace server = ExampleRun.Server();
        LoopTrace tasks = ExampleRun.Tasks();
        yield return Draw("lanes", server, PictureKind.Lanes, new PictureOptions());
        yield return Draw("turn", server, PictureKind.Turn, new PictureOptions());
        yield return Draw("queue", tasks, PictureKind.Queue, new PictureOptions());
        yield return Draw("timers", server, PictureKind.Timers, new PictureOptions());
        yield return Draw("tree", tasks, PictureKind.Tree, new PictureOptions());
        yield return Draw("connection", server, PictureKind.Connection, new PictureOptions());
    }

    private static (string Path, byte[] Content) Draw(
        string name, LoopTrace trace, PictureKind kind, PictureOptions options)
    {
        using var stream = new MemoryStream();
        TracePicture.Write(trace, kind, options, stream);
        return (Path.Combine(Root(), "docs", "pictures", $"{name}.svg"), stream.ToArray());
    }

    // The folder that holds the solution.
    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Reactor.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("not within the repository");
        }

        return folder;
    }
}
