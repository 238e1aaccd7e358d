// The path of a Unix socket outlives a killed process, and bind refuses a path that exists. So a
// stale path is removed first.
//
// The probe is a datagram connect: EPROTOTYPE if a stream socket is bound there, ECONNREFUSED if
// none is (unix_find_bsd in net/unix/af_unix.c). A stream connect would enter a server's queue.
// Only what lstat calls a socket is removed.
//
// Probe, removal and bind happen under flock(2) on the folder: of two servers that start together
// one gets the path, the other an error. Without the lock nothing is removed. Rejected: a lock
// file, which would be left over too, and rename over the path, which steals it.
//
// A listener removes its path before the close, if the inode is still its own: until then the
// kernel does not reuse the inode.
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reactor.Drivers;

/// <summary>The path of a listening Unix socket: takes it over and removes it.</summary>
/// <remarks>Linux only. Loop thread only; taking the lock may spin for a moment.</remarks>
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
    /// Binds a stream socket to a path or an abstract name and listens; gives the path to remove.
    /// </summary>

    public static SocketError Listen(
        int descriptor, EndPoint endPoint, int backlog, out UnixPath? path)
    {
        path = null;
        if (endPoint.ToString() is not [not '@', ..] name)
        {
            SocketError bound = NativeSocket.Bind(descriptor, endPoint);
            return bound == SocketError.Success ? NativeSocket.Listen(descriptor, backlog) : bound;
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

    /// <summary>Removes the path before the close, if it is still this listener's.</summary>
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

        // AddressNotAvailable is ENOENT: the owner has just removed the path.
        return outcome is SocketError.ConnectionRefused or SocketError.AddressNotAvailable;
    }

    /// <summary>Opens and locks a folder; −1 if that fails.</summary>
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
            _ = Libc.Unlink(name); // stays if the folder is read-only
        }
    }

    /// <summary>The file of a path, not following links; null if there is none.</summary>
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
