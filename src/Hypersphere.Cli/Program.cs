Console.WriteLine("hypersphere"); // replaced by the commands
