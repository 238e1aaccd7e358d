using Reactor.Testing;

namespace Server.Tests;

/// <summary>A pipe with a name that is full: each further write to it blocks.</summary>
internal sealed class FullPipe : IDisposable
{
    private const int CapacityBytes = 64 * 1024; // pipe(7), "Pipe capacity"

    private readonly FileStream _stream;

    public FullPipe()
    {
        ChildProcess.Run("mkfifo", Path);
        // Open for both, so that the open does not wait.
        _stream = new FileStream(
            Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _stream.Write(new byte[CapacityBytes]);
    }

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(Path);
    }
}
