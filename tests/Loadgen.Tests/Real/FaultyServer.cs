using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Loadgen.Tests.Real;

/// <summary>
/// A server on blocking sockets, a thread for each connection: it answers a number of requests and
/// does something else with all that follow. It keeps the bytes of every request.
/// </summary>
internal sealed class FaultyServer : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<string> _requests = [];
    private readonly int _requestBytes;
    private readonly int _good;
    private readonly Action<Socket> _fault;
    private bool _isDisposed;

    /// <summary>Listens on a free port.</summary>
    /// <param name="requestBytes">The length of a request; a client sends them one by one.</param>
    /// <param name="good">How many are answered.</param>
    /// <param name="fault">
    /// What a connection does with a later one; then the client has to end the connection.
    /// </param>
    public FaultyServer(int requestBytes, int good, Action<Socket> fault)
    {
        (_requestBytes, _good, _fault) = (requestBytes, good, fault);
        _listener.Start(backlog: 128);
        Start(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The requests, in the order in which they were read.</summary>
    public string[] Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _listener.Dispose();
            _sockets.ForEach(static socket => socket.Dispose());
        }
    }

    public static void Send(Socket socket, string text) =>
        socket.Send(Encoding.Latin1.GetBytes(text));

    private static void Start(ThreadStart work) =>
        new Thread(work) { IsBackground = true }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.AcceptSocket();
                lock (_lock)
                {
                    _sockets.Add(socket);
                    if (_isDisposed)
                    {
                        socket.Dispose();
                    }
                }

                Start(() => Serve(socket));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        byte[] bytes = new byte[_requestBytes];
        try
        {
            while (ReadWhole(socket, bytes))
            {
                int number;
                lock (_lock)
                {
                    _requests.Add(Encoding.Latin1.GetString(bytes));
                    number = _requests.Count;
                }

                if (number <= _good)
                {
                    Send(socket, Ok);
                }
                else
                {
                    _fault(socket);
                }
            }

            socket.Dispose();
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The client or the fault has ended the connection.
        }
    }

    private static bool ReadWhole(Socket socket, byte[] bytes)
    {
        for (int read = 0; read < bytes.Length;)
        {
            int more = socket.Receive(bytes, read, bytes.Length - read, SocketFlags.None);
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        return true;
    }
}
