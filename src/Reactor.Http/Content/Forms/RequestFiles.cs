namespace Reactor.Http;

/// <summary>
/// The temporary files of one request, which are deleted when it ends: after its response, when its
/// handler failed, and when its client has gone.
/// </summary>
/// <remarks>Loop thread only; waits for nothing.</remarks>
internal sealed class RequestFiles
{
    private static readonly RequestKey<RequestFiles> s_key = new("temporary files");

    private readonly HashSet<SpoolFile> _files = [];

    private RequestFiles()
    {
    }

    /// <exception cref="InvalidOperationException">The request has ended.</exception>
    public static RequestFiles Of(Request request)
    {
        _ = request.Context; // throws when the request has ended: nothing would delete the files
        if (!request.State.TryGet(s_key, out RequestFiles? files))
        {
            files = new RequestFiles();
            request.AtEnd(files.DeleteAll);
            request.State.Set(s_key, files);
        }

        return files;
    }

    public void Add(SpoolFile file) => _files.Add(file);

    /// <summary>The file was moved: it is the handler's.</summary>
    public void Forget(SpoolFile file) => _files.Remove(file);

    public void Delete(SpoolFile file)
    {
        if (_files.Remove(file))
        {
            file.Delete();
        }
    }

    private void DeleteAll()
    {
        foreach (SpoolFile file in _files)
        {
            file.Delete();
        }

        _files.Clear();
    }
}
