using Microsoft.Win32.SafeHandles;

namespace Reactor.Http;

/// <summary>
/// A temporary file of a request. It is made, written, moved and deleted on threads of an executor,
/// and open only while one of them works on it, so slow clients hold no descriptor.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only, but for <see cref="Path"/> and what the jobs do: these take a lock, because an
/// executor may run them in any order after a cancellation. The loop never takes it.
/// </para>
/// <para>
/// The file has mode 0600 and a new name: an existing file is never opened, and no link followed.
/// A job that runs after the deletion does nothing.
/// </para>
/// </remarks>
internal sealed class SpoolFile(EventLoop loop, IExecutor? executor, string directory)
{
    /// <summary>How often another name is tried; names collide only if they are seeded.</summary>
    private const int NamesMax = 1000;

    private readonly Lock _gate = new();
    private Func<Unit>? _writeNext;
    private ReadOnlyMemory<byte> _next;
    private long _nextAt;
    // From the driver, although a local attacker may predict it: `FormFile.Path` is public, so a
    // handler may send it (X-Accel-Redirect), and a recording with another name would not replay.
    // A name that is taken costs another attempt; its file or link is never opened.
    private readonly long _number = loop.Driver.Random.NextInt64();
    private bool _isOver;
    private bool _isDeleted; // on the loop, where the job of the deletion may be late
    private volatile string? _path;

    /// <summary>Where it is; null before the first write.</summary>
    public string? Path => _path;

    /// <summary>Bytes of all writes that began.</summary>
    public long Length { get; private set; }

    /// <summary>
    /// Begins to append; one write at a time. The content belongs to the write until it has run,
    /// even if the future is cancelled: then the file is to be deleted.
    /// </summary>
    public Future<Unit> WriteAsync(ReadOnlyMemory<byte> content)
    {
        (_next, _nextAt) = (content, Length);
        Length += content.Length;
        return loop.RunInExecutor(_writeNext ??= WriteNext, executor);
    }

    /// <summary>Gives it its final name; afterwards it is no temporary file.</summary>
    public async Coroutine MoveAsync(string target, bool overwrite)
    {
        ThrowIf(_isDeleted);
        await loop.RunInExecutor(() => Move(target, overwrite), executor);
    }

    public async Coroutine<FileStream> OpenAsync()
    {
        ThrowIf(_isDeleted);
        return await loop.RunInExecutor(OpenRead, executor);
    }

    /// <summary>
    /// Deletes it, without waiting: it runs after a write in progress, and later writes do nothing.
    /// Idempotent. It throws nothing, as the end of a request goes on: the loop reports.
    /// </summary>
    public void Delete()
    {
        _isDeleted = true;
        if (!TrySubmit(executor, DeleteElsewhere))
        {
            DeleteElsewhere();
        }
    }

    private void DeleteElsewhere()
    {
        if (executor is null || !TrySubmit(null, DeleteHere))
        {
            DeleteHere();
        }
    }

    // Both executors take nothing more, or the loop has closed: better here than never.
    private void DeleteHere()
    {
        try
        {
            DeleteNow();
        }
        catch (Exception error)
        {
            Report(error);
        }
    }

    /// <param name="one">The executor.</param>
    /// <param name="dropped">Runs if the executor drops the job at its shutdown.</param>
    private bool TrySubmit(IExecutor? one, Action dropped)
    {
        try
        {
            loop.RunInExecutor(DeleteNow, one).AddDoneCallback(job =>
            {
                if (job.IsCancelled)
                {
                    dropped();
                }
                else if (job.Exception is { } error)
                {
                    Report(error);
                }
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // it takes nothing more
        }
        catch (Exception error)
        {
            Report(error);
            return false;
        }
    }

    private void Report(Exception error) => loop.Report(new LoopErrorContext
    {
        Message = "A temporary file of a form could not be deleted: look at its folder.",
        Exception = error,
    });

    private Unit WriteNext()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return default;
            }

            if (_path is null)
            {
                using FileStream file = Create();
                file.Write(_next.Span);
            }
            else
            {
                using SafeFileHandle file =
                    File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, _next.Span, _nextAt);
            }

            return default;
        }
    }

    private FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (int i = 0; ; i++)
        {
            string path = System.IO.Path.Combine(directory, $"reactor-upload-{_number + i:x16}");
            try
            {
                var file = new FileStream(path, options);
                _path = path;
                return file;
            }
            catch (IOException) when (i < NamesMax && File.Exists(path))
            {
            }
        }
    }

    private FileStream OpenRead()
    {
        lock (_gate)
        {
            ThrowIf(_isOver);
            return new FileStream(_path!, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
    }

    private void Move(string target, bool overwrite)
    {
        lock (_gate)
        {
            ThrowIf(_isOver);
            File.Move(_path!, target, overwrite);
            _isOver = true;
        }
    }

    private void DeleteNow()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            if (_path is not null && File.Exists(_path))
            {
                File.Delete(_path);
            }
        }
    }

    private static void ThrowIf(bool isGone)
    {
        if (isGone)
        {
            throw new InvalidOperationException(
                "The file is gone: it was moved, disposed of, or its request has ended.");
        }
    }
}
