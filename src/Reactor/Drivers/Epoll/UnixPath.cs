// The path of a Unix socket outlives its listener when a process is killed, and bind refuses a path
// that exists. So a path without a listener is removed first. Four facts shape how:
//
// A connect tells, and one of another type tells without disturbing: a datagram socket that asks
// for the path of a stream socket is refused with EPROTOTYPE where a socket is bound, listening or
// not, its queue full or not, and with ECONNREFUSED where none is (unix_find_bsd in
// net/unix/af_unix.c). A stream socket would leave a connection in the queue of a server that runs.
// Only what lstat calls a socket is removed; a file or a symbolic link of that name stays.
//
// Between the look and the removal another server may remove the path and bind it. So the look, the
// removal and the binding happen under a lock, and of two servers that start together one has the
// path and the other is told that it is in use. The lock is flock(2) on the folder: it is released
// with the process and leaves no file behind. It is held for microseconds, so a server tries for a
// moment; without it (a folder that may not be read, or that another program has locked) it removes
// nothing. Rejected: a lock file, which would be left over in turn; rename over the path, by which
// the second server takes it from the first.
//
// Programs that know nothing of the lock may bind in the moment between the look and the removal.
// That cannot be prevented, only kept short.
//
// At its end a listener removes the path only if that is still its own socket. Until it is closed
// the kernel keeps the inode, so no other file has its number: it is removed before the close.
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reactor.Drivers;

/// <summary>The path of a listening Unix socket: how it is taken, and given back.</summary>
/// <remarks>Linux only. Loop thread only: taking it may spin for a moment.</remarks>
internal sealed unsafe class UnixPath
{
    private const int LockTries = 200;

    private readonly byte[] _path;
    private readonly FileId? _file;

    private UnixPath(byte[] path)
    {
        _path = path;
        _file = FileOf(path);
    }

    /// <summary>
    /// Binds a socket to a Unix address and listens. A stale path is removed first.
    /// </summary>
    /// <param name="descriptor">A new stream socket.</param>
    /// <param name="endPoint">A path, or a name in the abstract space.</param>
    /// <param name="backlog">As for listen(2).</param>
    /// <param name="path">What to give back at the end; null for an abstract name.</param>
    public static SocketError Listen(
        int descriptor, EndPoint endPoint, int backlog, out UnixPath? path)
    {
        path = null;
        if (endPoint.ToString() is not [not '@', ..] name)
        {
            SocketError bound = NativeSocket.Bind(descriptor, endPoint);
            return bound == SocketError.Success
                ? NativeSocket.Listen(descriptor, backlog)
                : bound;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(name + '\0');
        int folder = Lock(Path.GetDirectoryName(name) is { Length: > 0 } parent ? parent : ".");
        try
        {
            SocketError error = NativeSocket.Bind(descriptor, endPoint);
            if (error == SocketError.AddressAlreadyInUse && folder >= 0
                && MayBindAgain(bytes, endPoint))
            {
                error = NativeSocket.Bind(descriptor, endPoint);
            }

            if (error == SocketError.Success)
            {
                error = NativeSocket.Listen(descriptor, backlog);
                path = new UnixPath(bytes);
            }

            return error;
        }
        finally
        {
            if (folder >= 0)
            {
                NativeSocket.Close(folder); // and the lock with it
            }
        }
    }

    /// <summary>Removes the path if it is still this listener's. Before the close.</summary>
    public void Remove()
    {
        if (_file is not null && FileOf(_path) == _file)
        {
            Unlink(_path);
        }
    }

    /// <summary>True if the path is gone, or was stale and is removed.</summary>
    private static bool MayBindAgain(byte[] path, EndPoint endPoint)
    {
        if (FileOf(path) is not { } file)
        {
            return true;
        }

        if (!file.IsSocket)
        {
            return false;
        }

        int probe = Libc.Socket(Libc.AfUnix, Libc.SockDatagram | Libc.SockCloseOnExec, 0);
        if (probe < 0)
        {
            return false;
        }

        SocketError outcome = NativeSocket.Connect(probe, endPoint);
        NativeSocket.Close(probe);
        if (outcome == SocketError.ConnectionRefused)
        {
            Unlink(path);
        }

        // ENOENT has the name of an address that is not there: its owner has just removed it.
        return outcome is SocketError.ConnectionRefused or SocketError.AddressNotAvailable;
    }

    /// <summary>Opens a folder and locks it; −1 if that cannot be.</summary>
    private static int Lock(string folder)
    {
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            descriptor = Libc.Open(path, Libc.OpenCloseOnExec);
        }

        if (descriptor < 0)
        {
            return -1;
        }

        var spin = default(SpinWait);
        for (int i = 0; i < LockTries; i++)
        {
            if (Libc.Lock(descriptor, Libc.LockExclusive | Libc.LockNonBlock) == 0)
            {
                return descriptor;
            }

            spin.SpinOnce();
        }

        NativeSocket.Close(descriptor);
        return -1;
    }

    private static void Unlink(byte[] path)
    {
        fixed (byte* name = path)
        {
            _ = Libc.Unlink(name); // in a folder that is kept from us it stays
        }
    }

    /// <summary>What lies there, a symbolic link not followed; null: nothing.</summary>
    private static FileId? FileOf(byte[] path)
    {
        // struct statx, which is the same on every architecture.
        const int bytesMax = 256;
        const int modeOffset = 28;
        const int inodeOffset = 32;
        const int deviceOffset = 136;
        const int typeMask = 0xF000;
        const int socketType = 0xC000;
        byte* status = stackalloc byte[bytesMax];
        fixed (byte* name = path)
        {
            if (Libc.Status(
                Libc.CurrentFolder, name, Libc.NoFollow, Libc.StatusTypeAndInode, status) != 0)
            {
                return null;
            }
        }

        return new FileId(
            *(ulong*)(status + deviceOffset),
            *(ulong*)(status + inodeOffset),
            (*(ushort*)(status + modeOffset) & typeMask) == socketType);
    }

    private readonly record struct FileId(ulong Device, ulong Inode, bool IsSocket);
}
